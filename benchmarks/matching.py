"""Who is told of one deal among 100,000 chats, against a limit of 20 ms, and that it is exactly who wants it.

Each deal is matched with many seeds, as many different deals would be, and told to as many as its units allow
(domain/audience.py); a hundred are more than Telegram's budget does. Of Dota 2 no chat takes everything, so that nearly
all can refuse.
"""

import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.figures import percentile
from benchmarks.matching_seed import seed
from benchmarks.report import Bar, Report
from domain.audience import most_told
from domain.deals import Deal
from domain.traits import Traits
from models.database import Database
from models.items import Item, ItemGroup
from models.opportunities import OpportunityRow
from models.queries import alerts, matching
from sandbox.runner.stack import migrate
from sandbox.servers.children import ProcessFamily
from sandbox.servers.postgres import start_postgres

CHATS = {False: 100_000, True: 20_000}
ROUNDS = {False: 200, True: 40}
UNITS = (1, 10, 100)
LIMIT = 20.0  # milliseconds
NOW = datetime.now(UTC)
LIFE = timedelta(minutes=2)
DEALS = {
    "CS2, rich": Deal(
        item_id=1,
        game="csgo",
        title="AK-47 | Redline (Field-Tested)",
        level="standard",
        exit="instant",
        buy=450,
        net=5_000,
        return_bps=100_000,
        sales_tenths=90,
        age=10,
        traits=Traits(exterior="field-tested", rarity="classified", stattrak=False, souvenir=False),
    ),
    "CS2, poor": Deal(1, "csgo", "Chroma Case", "boost", "patient", 60, 1, 100, 1),
    "Dota 2, rich": Deal(
        item_id=1,
        game="dota2",
        title="Inscribed Blade of Frozen Vigil",
        level="boost",
        exit="instant",
        buy=250,
        net=5_000,
        return_bps=100_000,
        sales_tenths=90,
        age=10,
        traits=Traits(hero="axe", slot="weapon", rarity="rare", quality="inscribed"),
    ),
    "Dota 2, poor": Deal(1, "dota2", "Blade of Frozen Vigil", "pro", "patient", 60_000, 1, 100, 1),
}


def measure(*, quick: bool) -> Report:
    columns = ("deal", "want it", "units", "told", "p50 ms", "p95 ms", "alerts written in ms")
    report = Report("matching", columns)
    with tempfile.TemporaryDirectory(prefix="skinbeat-bench-") as name, _database(Path(name)) as (database, url):
        wishes = seed(url, CHATS[quick], NOW)
        opportunity = _opportunity(database)
        wrong = 0
        for label, deal in DEALS.items():
            wanting = {chat for chat, wanted in enumerate(wishes[deal.game], 1) if wanted.matches(deal)}
            wrong += len(wanting ^ set(_told(database, deal, 1, CHATS[quick])))
            for units in UNITS:
                _case(report, database, (label, len(wanting), units), opportunity, ROUNDS[quick])
        database.dispose()
    report.bars.append(Bar("chats told that do not want it, or left out", wrong, most=0))
    report.notes.append(f"{CHATS[quick]:,} chats; alerts are written as often as they are told, then rolled back.")
    return report


@contextmanager
def _database(folder: Path) -> Iterator[tuple[Database, str]]:
    with ProcessFamily(folder) as family:
        url = start_postgres(folder / "postgres", family, durable=True).url
        migrate({"DATABASE_URL": url})
        yield Database(url.replace("postgresql://", "postgresql+psycopg2://")), url


def _told(database: Database, deal: Deal, number: int, most: int) -> list[int]:
    with database.transaction() as session:
        return matching.audience(session, deal, number, most, NOW)


def _case(report: Report, database: Database, case: tuple[str, int, int], opportunity: int, rounds: int) -> None:
    label, wanting, units = case
    deal, matched, written, told = DEALS[label], [], [], 0
    for number in range(rounds):
        with Session(database.engine) as session:
            session.get_one(OpportunityRow, opportunity)  # the verifying transaction has it, and a connection
            began = time.perf_counter()
            chats = matching.audience(session, deal, number, most_told(units, 0, LIFE), NOW)
            matched.append(1000 * (time.perf_counter() - began))
            if number % 10 == 0:
                began = time.perf_counter()
                alerts.create(session, opportunity, "offer", 450, chats, now=NOW, expires_at=NOW + LIFE)
                written.append(1000 * (time.perf_counter() - began))
            session.rollback()
            told = len(chats)
    half, most = percentile(matched, 50), percentile(matched, 95)
    report.rows.append((label, wanting, units, told, half, most, percentile(written, 50)))
    report.bars.append(Bar(f"{label}, {units} units, p95 ms", most, most=LIMIT, slack=5))


def _opportunity(database: Database) -> int:
    """One that alerts can be written for; its number."""
    with database.transaction() as session:
        group = ItemGroup(game="csgo", size=1)
        session.add(group)
        session.flush()
        item = Item(game="csgo", title="Title", group_id=group.id, first_seen_at=NOW, last_seen_at=NOW)
        session.add(item)
        session.flush()
        values = {"variant": "", "state": "open", "game": "csgo", "level": "standard", "exit": "instant"}
        amounts = {"buy": 450, "net": 5_000, "return_bps": 100_000, "capacity": 1, "cents_per_day": 5_000}
        row = OpportunityRow(
            item_id=item.id, offer_id="offer", evidence={}, opened_at=NOW, confirmed_at=NOW, **values, **amounts
        )
        session.add(row)
        session.flush()
        return row.id
