"""The operators' sub-commands of `celery -A worker …`.

Celery finds them by the entry points of the group `celery.commands` in pyproject.toml, one row for each command; a new
row is known after `make setup`. What they share is in shell.py.
"""
