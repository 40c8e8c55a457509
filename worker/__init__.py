"""The Celery side: `celery -A worker …` finds the application here."""

from worker import signals
from worker.application import app

__all__ = ["app", "signals"]
