"""What `celery -A worker doctor` looks at: one file for each kind of thing, each check gives findings."""
