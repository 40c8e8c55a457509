"""Watches, digests and explanations with the rights of the database users that do the work, and no others."""

from collections.abc import Iterator

import psycopg2
import pytest
from sqlalchemy.engine import make_url

from bot import rounds
from migrations.roles import USERS, apply
from models.database import Database
from models.queries import digests, profiles, sightings, watches
from tests.factories import NOW
from tests.integration.bot.rows import an_opportunity
from tests.integration.conftest import run_sql
from tests.integration.models.watching import BELOW, CHAT, HOUR, a_watched_item, below
from tests.rows import a_quote, price, single

PASSWORDS = {"WORKER_DB_PASSWORD": "worker-canary-1", "BOT_DB_PASSWORD": "bot-canary-22"}
REFUSED = ("UPDATE watches SET mark = 1", "UPDATE watches SET armed = true", "DELETE FROM watches")


@pytest.fixture
def urls(database_url: str) -> dict[str, str]:
    """How worker and bot reach the test's database."""
    apply(database_url, PASSWORDS)
    base = make_url(database_url)
    return {
        variable.partition("_")[0].lower(): base.set(username=user, password=PASSWORDS[variable]).render_as_string(
            hide_password=False
        )
        for variable, (user, _) in USERS.items()
    }


@pytest.fixture
def users(urls: dict[str, str]) -> Iterator[dict[str, Database]]:
    found = {name: Database(url.replace("postgresql://", "postgresql+psycopg2://")) for name, url in urls.items()}
    yield found
    for one in found.values():
        one.dispose()


def test_the_worker_notes_prices_and_the_bot_does_the_rest(database: Database, users: dict[str, Database]) -> None:
    """A watch from its making to its message, a digest and an explanation."""
    item = a_watched_item(database)
    with database.transaction() as session:
        an_opportunity(session, NOW - HOUR)
    with users["bot"].transaction() as session:
        number = watches.add(session, CHAT, item, below(500), NOW).id
        watches.change(session, CHAT, number, BELOW, NOW)
        watches.snooze(session, CHAT, number, None)
        profiles.change(session, CHAT, NOW - 48 * HOUR, digest="hourly", digest_least=1)
        digests.arrange(session, CHAT, NOW - HOUR)
    price(database, {item: a_quote(900, 990)}, NOW + HOUR)
    with users["worker"].transaction() as session:
        sightings.look(session, [item])

    with users["bot"].transaction() as session:
        for work in (rounds.look, rounds.fire, rounds.fire, rounds.digest, rounds.explain):
            work(session, NOW)
        watches.remove(session, CHAT, number)
    kinds = single(database, "SELECT array_agg(kind ORDER BY id) FROM alerts WHERE chat_id = 11")

    assert kinds == ["watch", "digest"]


@pytest.mark.parametrize("statement", REFUSED)
def test_the_worker_changes_nothing_else_of_a_watch(urls: dict[str, str], statement: str) -> None:
    """Whose it is and what it waits for is no business of it."""
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        run_sql(urls["worker"], statement)
