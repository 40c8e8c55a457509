"""The private endpoints: truth, planting, taking, repricing."""

from typing import Any

import pytest

from tests.integration.sandbox_exchange.client import IDS, OFFERS, SALES, Client

FIELDS = {"game", "title", "offerId", "buyCents", "exit", "netCents", "level", "variant"}


def truth(client: Client) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get("/_sandbox/truth").json["opportunities"]
    return rows


def live_offers(client: Client, row: dict[str, Any]) -> dict[str, int]:
    query = {"gameId": IDS[row["game"]], "title": row["title"], "limit": 100, "orderBy": "price"}
    return {item["offerId"]: int(item["priceCents"]) for item in client.get(OFFERS, **query).json["items"]}


def best_ask(client: Client, row: dict[str, Any]) -> int:
    aggregate = client.aggregates(IDS[row["game"]], [row["title"]]).json["aggregatedPrices"][0]
    return int(aggregate["offerBestPrice"]["Amount"])


def test_health_counts_titles(shared: Client) -> None:
    """Unsigned, as everything private."""
    answer = shared.send("GET", "/_sandbox/health", signed=False)

    assert (answer.status, answer.json["status"]) == (200, "ok")
    assert answer.json["titles"]["csgo"] == 601


def test_the_truth_is_live(shared: Client) -> None:
    """Every opportunity is the offer it says at the price it says."""
    rows = truth(shared)

    assert {"csgo", "dota2", "tf2", "rust"} == {row["game"] for row in rows}
    for row in rows:
        assert set(row) == FIELDS
        assert live_offers(shared, row)[row["offerId"]] == row["buyCents"]


def test_traps_are_named(shared: Client) -> None:
    """By game, title and kind."""
    traps = shared.get("/_sandbox/truth").json["traps"]

    assert {"game", "title", "kind"} == set(traps[0])
    assert len({trap["kind"] for trap in traps}) == 13


@pytest.mark.parametrize("kind", ["instant", "patient"])
@pytest.mark.parametrize("level", ["boost", "standard", "medium", "advanced", "pro"])
def test_a_plant_is_visible_at_once(fresh: Client, kind: str, level: str) -> None:
    """In truth, aggregate, offers, bids and sales."""
    row = fresh.post("/_sandbox/plant", {"game": "rust", "kind": kind, "level": level}).json

    assert (kind, level) == (row["exit"], row["level"])
    assert row in truth(fresh)
    assert row["buyCents"] == best_ask(fresh, row)
    assert live_offers(fresh, row)[row["offerId"]] == row["buyCents"]
    assert fresh.bids("rust", row["title"]).json["orders"]
    assert len(fresh.get(SALES, gameId="rust", title=row["title"], txOperationType="Offer").json["sales"]) >= 12


def test_an_unread_plant_contradicts_nothing_that_was_read(fresh: Client) -> None:
    """Sales that somebody read before are not rewritten; where every title was looked at, there is none to plant in."""
    wanted = {"game": "rust", "kind": "instant", "level": "boost", "unread": True}
    order = fresh.exchange.market.games["rust"].order
    free = [title for title in order if not fresh.exchange.market.games["rust"].listings[title].still]
    for title in free[5:]:
        fresh.get(SALES, gameId="rust", title=title)
    planted = fresh.post("/_sandbox/plant", wanted).json["title"]
    for title in free[:5]:
        fresh.get(SALES, gameId="rust", title=title)
    none_left = fresh.post("/_sandbox/plant", wanted)

    assert planted in free[:5]
    assert none_left.status == 400
    assert "rust has no title left to plant in" in none_left.json["message"]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"game": "dota2", "kind": "instant", "level": "boost"}, "game is 'dota2'; it must be a game key"),
        ({"game": "rust", "kind": "quick", "level": "boost"}, "kind is 'quick'; it must be instant or patient"),
        ({"game": "rust", "kind": "instant", "level": "x"}, "level is 'x'; it must be one of boost, standard"),
        ({"game": "rust", "kind": "instant", "level": "boost", "unread": 1}, "unread is 1; it must be true or false"),
        ([], "the body must be a JSON object"),
    ],
)
def test_a_wrong_plant_says_what_would_be_right(fresh: Client, body: Any, message: str) -> None:
    """A game without titles included."""
    answer = fresh.post("/_sandbox/plant", body)

    assert answer.status == 400
    assert message in answer.json["message"]


def test_a_taken_offer_is_gone(fresh: Client) -> None:
    """From truth, offers and aggregate; taking it again finds nothing."""
    row = truth(fresh)[0]

    taken = fresh.post("/_sandbox/take", {"offerId": row["offerId"]})

    assert {"offerId": row["offerId"], "title": row["title"]} == taken.json
    assert row not in truth(fresh)
    assert row["offerId"] not in live_offers(fresh, row)
    assert best_ask(fresh, row) > row["buyCents"]
    assert fresh.post("/_sandbox/take", {"offerId": row["offerId"]}).status == 404


def test_a_short_lived_deal_comes_and_goes_and_leaves_no_trace(fresh: Client) -> None:
    """While it stands it is a true opportunity; its title is then as any other and may have the next one."""
    row = fresh.post("/_sandbox/flash", {"game": "rust"}).json
    shown, stands = best_ask(fresh, row), row in truth(fresh)

    fresh.post("/_sandbox/take", {"offerId": row["offerId"]})

    assert (shown, stands) == (row["buyCents"], True)
    assert row not in truth(fresh)
    assert row["offerId"] not in live_offers(fresh, row)
    assert best_ask(fresh, row) > row["buyCents"]


def test_a_short_lived_deal_needs_a_game_with_titles(fresh: Client) -> None:
    """The answer says what would be right."""
    answer = fresh.post("/_sandbox/flash", {"game": "dota2"})

    assert (answer.status, answer.json["message"]) == (
        400,
        "game is 'dota2'; it must be a game key whose titles are simulated",
    )


def test_a_repriced_offer_has_a_new_id(fresh: Client) -> None:
    """The opportunity follows it while it pays."""
    row = truth(fresh)[0]

    answer = fresh.post("/_sandbox/reprice", {"offerId": row["offerId"], "priceCents": row["buyCents"] + 1}).json

    moved = next(one for one in truth(fresh) if one["title"] == row["title"])
    assert answer["offerId"] != row["offerId"]
    assert (answer["offerId"], row["netCents"] - 1) == (moved["offerId"], moved["netCents"])
    assert live_offers(fresh, row)[answer["offerId"]] == row["buyCents"] + 1


def test_a_dear_reprice_ends_the_opportunity(fresh: Client) -> None:
    """The offer stays, the truth does not."""
    row = truth(fresh)[0]

    answer = fresh.post("/_sandbox/reprice", {"offerId": row["offerId"], "priceCents": row["buyCents"] * 3}).json

    assert row["title"] not in {one["title"] for one in truth(fresh)}
    assert answer["offerId"] in live_offers(fresh, row)


def test_an_unknown_private_path_lists_the_known_ones(shared: Client) -> None:
    """One sentence that helps."""
    answer = shared.get("/_sandbox/help")

    assert answer.status == 404
    assert "POST /_sandbox/plant" in answer.json["message"]
