"""What tests and the demo may see and do beyond the public interface, under /_sandbox/."""

from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from sandbox.exchange.accounts import StandingError
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.faults import Fault, FaultError
from sandbox.exchange.flashes import flash
from sandbox.exchange.generate import new_id
from sandbox.exchange.levels import BANDS
from sandbox.exchange.market import Plant
from sandbox.exchange.parameters import whole
from sandbox.exchange.plants import plant_instant, plant_patient, repriced
from sandbox.exchange.replies import Call, RefusedError, Reply, bad_exchange
from sandbox.exchange.staging import Stage

PREFIX = "/_sandbox/"
PLANTERS = {"instant": plant_instant, "patient": plant_patient}


def truth_row(plant: Plant) -> dict[str, Any]:
    return {
        "game": plant.game,
        "title": plant.title,
        "offerId": plant.offer_id,
        "buyCents": plant.buy,
        "exit": plant.exit,
        "netCents": plant.net,
        "level": plant.level,
        "variant": plant.variant,
    }


def _truth(exchange: Exchange, _call: Call) -> Any:
    market = exchange.market
    return {"opportunities": [truth_row(one) for one in market.plants], "traps": [asdict(one) for one in market.traps]}


def _health(exchange: Exchange, _call: Call) -> Any:
    return {"status": "ok", "titles": {key: len(one.order) for key, one in exchange.market.games.items()}}


def _traffic(exchange: Exchange, _call: Call) -> Any:
    return exchange.traffic.report()


def _requests(exchange: Exchange, call: Call) -> Any:
    return exchange.traffic.since(whole(call.one("since", "0"), "since", 0, None, bad_exchange))


def _open(exchange: Exchange, _call: Call) -> Any:
    return {"calls": exchange.traffic.unanswered()}


def _show_faults(exchange: Exchange, _call: Call) -> Any:
    def row(fault: Fault) -> dict[str, Any]:
        named = asdict(fault)
        return {"rate": named.pop("rate_permille") / 1000, **named}

    return {"faults": [row(fault) for fault in exchange.faults.active.values()]}


def _switch_faults(exchange: Exchange, call: Call) -> Any:
    try:
        exchange.faults.switch(_body(call))
    except FaultError as error:
        raise bad_exchange(str(error)) from error
    return _show_faults(exchange, call)


def _show_accounts(exchange: Exchange, _call: Call) -> Any:
    return {"accounts": {key: exchange.standings.of(key) for key in sorted(exchange.accounts)}}


def _switch_account(exchange: Exchange, call: Call) -> Any:
    """Bans an account, revokes its keys, or makes it active again."""
    try:
        exchange.standings.switch(exchange.accounts, _body(call))
    except StandingError as error:
        raise bad_exchange(str(error)) from error
    return _show_accounts(exchange, call)


def _body(call: Call) -> dict[str, Any]:
    body = call.json()
    if not isinstance(body, dict):
        raise bad_exchange("the body must be a JSON object")
    return body


def _plant(exchange: Exchange, call: Call) -> Any:
    """One more true opportunity, visible everywhere at once; with `unread` on a title that nobody has looked at."""
    body = _body(call)
    unread = body.get("unread", False)
    game, planter = exchange.market.games.get(str(body.get("game"))), PLANTERS.get(str(body.get("kind")))
    if game is None or not game.order:
        raise bad_exchange(f"game is {body.get('game')!r}; it must be a game key whose titles are simulated")
    if planter is None:
        raise bad_exchange(f"kind is {body.get('kind')!r}; it must be instant or patient")
    if body.get("level") not in BANDS:
        raise bad_exchange(f"level is {body.get('level')!r}; it must be one of {', '.join(BANDS)}")
    if not isinstance(unread, bool):
        raise bad_exchange(f"unread is {unread!r}; it must be true or false")
    try:
        plant = planter(Stage(game, exchange.rng, datetime.now(UTC), unread), body["level"])
    except LookupError as error:
        raise bad_exchange(str(error)) from error
    exchange.market.plants.append(plant)
    return truth_row(plant)


def _flash(exchange: Exchange, call: Call) -> Any:
    """One more true opportunity until it is taken, on a title as lively as deals are likely."""
    body = _body(call)
    game = exchange.market.games.get(str(body.get("game")))
    if game is None or not game.order:
        raise bad_exchange(f"game is {body.get('game')!r}; it must be a game key whose titles are simulated")
    try:
        plant = flash(Stage(game, exchange.rng, datetime.now(UTC)))
    except LookupError as error:
        raise bad_exchange(str(error)) from error
    exchange.market.plants.append(plant)
    return truth_row(plant)


def _take(exchange: Exchange, call: Call) -> Any:
    """Removes an offer as if somebody had bought it; an opportunity goes with its offer."""
    offer_id = str(_body(call).get("offerId"))
    _, listing, offer = _find(exchange, offer_id)
    if listing.book:
        listing.book.offers.remove(offer)
    listing.still = listing.still and not any(one.passing for one in exchange.market.plants if one.offer_id == offer_id)
    exchange.market.plants = [one for one in exchange.market.plants if one.offer_id != offer_id]
    return {"offerId": offer_id, "title": listing.title}


def _reprice(exchange: Exchange, call: Call) -> Any:
    """A new price under a new id; an opportunity follows its offer while it still pays."""
    body = _body(call)
    game, _, offer = _find(exchange, str(body.get("offerId")))
    price = whole(body.get("priceCents"), "priceCents", 1, None, bad_exchange)
    old, offer.offer_id, offer.price = offer.offer_id, new_id(exchange.rng), price
    plants = exchange.market.plants
    moved = [repriced(game, one, offer.offer_id, price, datetime.now(UTC)) for one in plants if one.offer_id == old]
    exchange.market.plants = [one for one in plants if one.offer_id != old] + [one for one in moved if one]
    return {"offerId": offer.offer_id}


def _find(exchange: Exchange, offer_id: str) -> Any:
    found = exchange.market.find_offer(offer_id)
    if found is None:
        message = f"no live offer that was ever shown has the id {offer_id!r}"
        raise RefusedError(Reply(404, {"code": "OfferNotFound", "message": message}))
    return found


HANDLERS: dict[tuple[str, str], Callable[[Exchange, Call], Any]] = {
    ("GET", "health"): _health,
    ("GET", "truth"): _truth,
    ("GET", "traffic"): _traffic,
    ("GET", "requests"): _requests,
    ("GET", "open"): _open,
    ("GET", "faults"): _show_faults,
    ("POST", "faults"): _switch_faults,
    ("GET", "accounts"): _show_accounts,
    ("POST", "accounts"): _switch_account,
    ("POST", "plant"): _plant,
    ("POST", "flash"): _flash,
    ("POST", "take"): _take,
    ("POST", "reprice"): _reprice,
}


def answer_private(exchange: Exchange, call: Call) -> Reply:
    """The reply to one request under /_sandbox/; unsigned, unlimited, unrecorded."""
    handler = HANDLERS.get((call.method, call.path.removeprefix(PREFIX)))
    if handler is None:
        known = ", ".join(f"{method} {PREFIX}{name}" for method, name in HANDLERS)
        return Reply(404, {"code": "NotFound", "message": f"the sandbox itself answers only {known}"})
    try:
        return Reply(payload=handler(exchange, call))
    except RefusedError as refused:
        return refused.reply
