"""Tables, queries and the one place that commits. Importing the package registers every table."""

from models import alerts, chats, conditions, fees, items, leases, opportunities, prices, scans, verification
from models.base import Table

__all__ = [
    "Table",
    "alerts",
    "chats",
    "conditions",
    "fees",
    "items",
    "leases",
    "opportunities",
    "prices",
    "scans",
    "verification",
]
