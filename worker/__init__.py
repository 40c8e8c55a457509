"""The Celery side: `celery -A worker …` finds the application here."""

from worker import forking, signals, stamping  # forking comes first: it decides how metrics count
from worker.application import app

__all__ = ["app", "forking", "signals", "stamping"]
