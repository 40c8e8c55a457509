"""Celery tasks. Importing the package registers every one of them."""

from tasks import catalogue, fees, history, prices, reaper, sales, scan, verify

__all__ = ["catalogue", "fees", "history", "prices", "reaper", "sales", "scan", "verify"]
