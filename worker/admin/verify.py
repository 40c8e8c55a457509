"""`celery -A worker verify TITLE`: one title verified on live data now, and why it is a deal or none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import click
from celery.bin.base import CeleryCommand

from domain.games import GAMES
from domain.money import percent, usd
from domain.opportunities import Gate
from models.proof import ExitProof, Proof
from models.queries import conditions, market, nominees, search
from models.queries.audit import Action
from models.queries.market import Judged, PriceCard
from models.queries.search import Found
from tasks.base import ring
from tasks.queues import TaskName
from tasks.verify import ACCEPTED, UNREADABLE
from worker.admin.shell import Shell, shell, wait_until

WAIT_SECONDS = 45  # two rounds of the reaper and a busy exchange
SHORT_SECONDS = 5  # where no worker reports: one may have begun a moment ago
CANDIDATES = 5
SAID = {
    Gate.STALE_INPUT: "the evidence was too old to decide",
    Gate.NO_OFFER: "nothing can be bought now and listed again",
    Gate.OUTSIDE_BANDS: "no offer's price lies in any level",
    Gate.FEW_SALES: "too few comparable sales to believe any price",
    Gate.BELOW_LEVEL: "neither exit earns the level's least return, or the one that would is not believed",
    ACCEPTED: "at least one exit qualifies: an opportunity stands",
    UNREADABLE: "the exchange refuses to tell about this title",
}
AMOUNTS = ("ask", "net", "lowest", "highest", "instant_sell", "patient_sell")


@dataclass(frozen=True, slots=True)
class Title:
    """A title of the catalogue; `seen_at` is when its last verdict was given, None before the first."""

    item_id: int
    game: str
    name: str
    seen_at: datetime | None


@click.command(cls=CeleryCommand)
@click.argument("title")
@click.option("--game", type=click.Choice(list(GAMES)), help="Which game it is of, where several have such a title.")
@click.pass_context
def verify(context: click.Context, title: str, game: str | None) -> None:
    """Verify TITLE on live offers, bids and sales now; prints the gate that decided, prices and exits.

    TITLE is the exact title, or words that only one title has.
    """
    with shell("verify") as own:
        context.exit(_verify(own, _title(own, title, game)))


def _title(own: Shell, text: str, game: str | None) -> Title:
    """The one title that is meant; ClickException that names what it could be otherwise."""
    with own.database.transaction() as session:
        found = search.find(session, text, game, CANDIDATES)
        exact = [one for one in found if one.title.casefold() == text.strip().casefold()]
        chosen = exact or found
        if len(chosen) == 1:
            last = market.judged(session, chosen[0].item_id)
            return Title(chosen[0].item_id, chosen[0].game, chosen[0].title, last.decided_at if last else None)
    raise click.ClickException(_unclear(text, chosen))


def _unclear(text: str, found: list[Found]) -> str:
    if not found:
        return f"no title like {text!r} is known: write it as the exchange does, or read the catalogue first"
    names = "; ".join(f"{one.title} (--game {one.game})" for one in found)
    return f"{text!r} could be any of: {names}"


def _verify(own: Shell, title: Title) -> int:
    """The exit code: 0 with a verdict, 1 where none came within a minute."""
    own.note(Action.VERIFY, title.name, game=title.game)
    with own.database.transaction() as session:
        nominees.ask_for(session, title.item_id, own.now())
        seconds = WAIT_SECONDS if conditions.standing(session, own.now()).workers else SHORT_SECONDS
    ring(TaskName.VERIFY_ITEM, expires=nominees.WAIT.total_seconds())
    with own.console.status(f"verifying {title.name}"):
        came = wait_until(lambda: _decided(own, title) is not None, seconds)
    if not came:
        click.echo(f"no verdict within {seconds} s: {_trouble(own)}", err=True)
        return 1
    with own.database.transaction() as session:
        card = market.price_of(session, title.item_id, own.now())
    for line in _lines(card) if card else ():
        click.echo(line)
    return 0


def _decided(own: Shell, title: Title) -> Judged | None:
    """The verdict, once it is newer than the one before."""
    with own.database.transaction() as session:
        judged = market.judged(session, title.item_id)
    return judged if judged and judged.decided_at != title.seen_at else None


def _trouble(own: Shell) -> str:
    """What the workers say is wrong."""
    with own.database.transaction() as session:
        standing = conditions.standing(session, own.now())
    if not standing.workers:
        return "no worker has reported for 20 seconds (celery -A worker worker)"
    told = "; ".join(f"{one.part} fails since {one.since:%H:%M:%S} UTC" for one in standing.troubles)
    return told or "the workers have much to do; the title waits on"


def _lines(card: PriceCard) -> Iterator[str]:
    """The verdict as an operator reads it."""
    yield f"{card.title} ({GAMES[card.game].label})"
    if card.judged:
        yield f"gate      {card.judged.gate}: {SAID.get(card.judged.gate, 'unknown gate')}"
        yield f"decided   {card.judged.decided_at:%Y-%m-%d %H:%M:%S} UTC"
        yield from (f"{_label(name):<9} {_value(name, value)}" for name, value in card.judged.numbers.items())
    if card.quote:
        sides = (
            f"bid {_usd(card.quote.bid)} ({card.quote.bid_count}), ask {_usd(card.quote.ask)} ({card.quote.ask_count})"
        )
        yield f"aggregate {sides}, read {card.quote.seen_at:%Y-%m-%d %H:%M:%S} UTC"
    for deal in card.deals:
        yield from _exits(deal.proof)


def _exits(proof: Proof) -> Iterator[str]:
    name = f" ({proof.variant_label})" if proof.variant_label else ""
    yield f"deal{name}: buy {usd(proof.buy)}, level {proof.level}, breaks even at {usd(proof.break_even)}"
    for kind, one in (("instant", proof.instant), ("patient", proof.patient)):
        yield f"  {kind:<8}{_exit(one)}{'  <- qualifies' if kind == proof.exit else ''}"


def _exit(one: ExitProof | None) -> str:
    if one is None:
        return "none"
    fee = f"fee {usd(one.fee)} ({percent(one.fee_bps)}, {one.fee_source})"
    return f"sell {usd(one.sell)}, {fee}, net {usd(one.net)}, {percent(one.return_bps)}"


def _label(name: str) -> str:
    return name.removesuffix("_bps").replace("_", " ")


def _usd(cents: int | None) -> str:
    return "none" if cents is None else usd(cents)


def _value(name: str, value: object) -> str:
    """Amounts in dollars, returns in per cent, everything else as it is."""
    if not isinstance(value, int):
        return str(value)
    if name.endswith("_bps"):
        return percent(value)
    return usd(value) if name in AMOUNTS else str(value)
