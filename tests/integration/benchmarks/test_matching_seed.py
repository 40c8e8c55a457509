"""What the benchmark of matching seeds is what production would have stored."""

from benchmarks.matching import DEALS
from benchmarks.matching_seed import PICKY, seed
from domain.filters import EVERYTHING
from models.database import Database
from models.queries import filters
from tests.factories import NOW
from tests.integration.models.matched import told

CHATS = 300


def test_seeded_chats_have_their_filters_and_are_told_accordingly(database: Database, database_url: str) -> None:
    """Each filter is loaded as it was made; who is told of the benchmark's deals is who wants them."""
    wishes = seed(database_url, CHATS, NOW)
    with database.transaction() as session:
        loaded = {chat: filters.load(session, chat) for chat in range(1, CHATS + 1)}

    assert loaded == {chat: {game: some[chat - 1] for game, some in wishes.items()} for chat in loaded}
    assert EVERYTHING not in wishes[PICKY]
    for deal in DEALS.values():
        wanting = [chat for chat, own in loaded.items() if own[deal.game].matches(deal)]

        assert sorted(told(database, deal)) == wanting
        assert wanting
