"""Where the secrets of the database are kept, for the ring that seals them."""

from config.ring import Place
from models.accounts import Account


def place_of(name: str) -> Place:
    """The place of an account's secret key."""
    return Place(Account.__tablename__, name, Account.sealed.key)
