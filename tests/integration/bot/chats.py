"""What the database holds of a chat, for tests that speak through it."""

from domain.filters import Filter
from domain.kinds import Kind
from models.database import Database
from models.queries import filters, manners, profiles
from models.queries.manners import Manners
from models.queries.profiles import Profile


def profile(database: Database, chat_id: int) -> Profile:
    with database.transaction() as session:
        return profiles.read(session, chat_id)


def wishes(database: Database, chat_id: int) -> dict[str, Filter]:
    with database.transaction() as session:
        return filters.load(session, chat_id)


def manner(database: Database, chat_id: int, kind: Kind) -> Manners:
    with database.transaction() as session:
        return manners.read(session, chat_id)[kind]
