"""Celery tasks. Importing the package registers every one of them."""

from tasks import arrange, catalogue, fees, history, prices, reaper, sales, scan, verify

__all__ = ["arrange", "catalogue", "fees", "history", "prices", "reaper", "sales", "scan", "verify"]
