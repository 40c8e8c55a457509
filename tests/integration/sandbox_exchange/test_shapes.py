"""Every answer has the field names and types of the exchange (docs/exchange-api.md)."""

from datetime import datetime

import pytest

from sandbox.exchange.market import Plant
from tests.integration.sandbox_exchange.client import FEES, IDS, OFFERS, SALES, Client


def names(text: str) -> set[str]:
    return set(text.split())


ATTRIBUTES = names(
    "backgroundColor botId categoryPath classId depositLocked description gameId gameType imageUri inGameAssetId "
    "itemSlug name nameColor owner productId provider slug steamAssetId title tradable tradeLockDays "
    "tradeLockDuration unlockDate type viewAtSteamUri withdrawable id overstocked status saleRestricted "
    "withdrawalState8 settlementTime sellUnavailable depositor withdrawOnlyEndTime tradeProtectionRemoved "
    "revertPendingUntil"
)
CS2 = names(
    "category collection family exterior float inspectInGameUri itemType phase phaseTitle quality rareInfo paintIndex "
    "paintSeed stickers fadePercent rarePattern colors floatPart charms charmPattern defIndex customName "
    "killEaterScoreType killEaterValue isProskin proskin inspectInGameTemplateUri"
)
TF2 = names(
    "class collection exterior grade quality type inspectInGameUri effect spells paintColor warPaint isCraftable "
    "isFestivized killstreak isAustralium inspectInGameTemplateUri"
)
BLOCKS = {
    "csgo": ("cs2", CS2),
    "dota2": ("dota2", names("gems hero quality rarity slot")),
    "rust": ("rust", names("categoryPath type")),
    "tf2": ("tf2", TF2),
}
USER = names(
    "agreementsInfo countryCode countryCodeFromIP email features ga_client_id hasActiveSubscriptions hasHistoryEvents "
    "id imageUrl isEmailVerified isPasswordSet level linkedGames migrated publicKey regType restrictions settings "
    "steamAccount twitchAccount username"
)


def plant_in(client: Client, game: str) -> Plant:
    return next(one for one in client.exchange.market.plants if one.game == game and not one.variant)


@pytest.mark.parametrize("game", IDS)
def test_an_offer_has_the_documented_fields(shared: Client, game: str) -> None:
    """Cents and totals as strings, attributes complete, one block named after the game."""
    plant = plant_in(shared, game)

    page = shared.get(OFFERS, gameId=IDS[game], title=plant.title, limit=100, orderBy="price").json

    item, (block, fields) = page["items"][0], BLOCKS[game]
    assert {"items", "total", "cursor"} == set(page)
    assert (str(len(page["items"])), "") == (page["total"], page["cursor"])
    expected = {"offerId", "priceCents", "createdAt", "locked", "discountPercent", "offerType", "attributes"}
    assert expected == set(item)
    assert (plant.offer_id, str(plant.buy), False) == (item["offerId"], item["priceCents"], item["locked"])
    assert ATTRIBUTES | {block} == set(item["attributes"])
    assert fields == set(item["attributes"][block])
    assert (IDS[game], plant.title) == (item["attributes"]["gameId"], item["attributes"]["title"])
    assert datetime.fromisoformat(item["createdAt"]).tzinfo is not None


def test_a_cs2_float_is_text_in_its_bucket(shared: Client) -> None:
    """A string of decimals, an enum for the bucket, a pattern number."""
    plant = plant_in(shared, "csgo")

    cs2 = shared.get(OFFERS, gameId="a8db", title=plant.title, limit=1).json["items"][0]["attributes"]["cs2"]

    assert cs2["float"].startswith("0.")
    assert cs2["floatPart"].startswith("FLOAT_PART_")
    assert 1 <= cs2["paintSeed"] <= 1000
    assert (cs2["phase"], cs2["phaseTitle"]) == ("", "PHASE_TITLE_UNSPECIFIED")


def test_a_doppler_phase_is_spelled_twice(shared: Client) -> None:
    """As `phase-2` and as an enum."""
    plant = next(one for one in shared.exchange.market.plants if one.variant)

    items = shared.get(OFFERS, gameId="a8db", title=plant.title, limit=100).json["items"]

    mine = next(item for item in items if item["offerId"] == plant.offer_id)["attributes"]["cs2"]
    assert (mine["phase"], mine["phaseTitle"]) == ("phase-2", "PHASE_TITLE_PHASE_2")
    assert "ruby" in {item["attributes"]["cs2"]["phase"] for item in items}


def test_an_aggregate_is_in_cents_as_text(shared: Client) -> None:
    """Inner keys capitalised, counts as strings, unknown titles left out."""
    plant = plant_in(shared, "rust")

    answer = shared.aggregates("rust", [plant.title, "No Such Thing"], limit="100").json

    row = answer["aggregatedPrices"][0]
    assert (answer["nextCursor"], len(answer["aggregatedPrices"])) == ("", 1)
    assert {"title", "orderBestPrice", "orderCount", "offerBestPrice", "offerCount"} == set(row)
    assert {"Currency": "USD", "Amount": str(plant.buy)} == row["offerBestPrice"]
    assert row["orderCount"].isdecimal()
    assert row["offerCount"].isdecimal()


def test_an_empty_side_is_null_or_zero(shared: Client) -> None:
    """No bids: null. No offers: an amount of zero."""
    rows = shared.aggregates("a8db").json["aggregatedPrices"]

    assert [row for row in rows if row["orderBestPrice"] is None and row["orderCount"] == "0"]
    assert [row for row in rows if row["offerBestPrice"]["Amount"] == "0" and row["offerCount"] == "0"]


def test_p2p_is_included_unless_declined(shared: Client) -> None:
    """The default counts what cannot be bought."""
    trap = next(one for one in shared.exchange.market.traps if one.kind == "p2p_only_ask")

    default = shared.post(
        "/marketplace-api/v1/aggregated-prices", {"filter": {"game": "a8db", "titles": [trap.title]}}
    ).json["aggregatedPrices"][0]
    declined = shared.aggregates("a8db", [trap.title]).json["aggregatedPrices"][0]

    assert int(default["offerBestPrice"]["Amount"]) < int(declined["offerBestPrice"]["Amount"])
    assert int(default["offerCount"]) == int(declined["offerCount"]) + 1


def test_a_bid_book_is_rows_of_text(shared: Client) -> None:
    """Best first; phase only where the title has phases, nothing where the game has no filters."""
    doppler = next(one for one in shared.exchange.market.plants if one.variant)
    plain, rust = plant_in(shared, "csgo"), plant_in(shared, "rust")

    rows = shared.bids("a8db", doppler.title).json["orders"]

    prices = [int(row["price"]) for row in rows]
    assert sorted(prices, reverse=True) == prices
    assert all(row["amount"].isdecimal() and row["title"] == doppler.title for row in rows)
    assert rows[0]["attributes"] == {"floatPartValue": "any", "paintSeed": "any", "phase": "ruby"}
    assert {"floatPartValue", "paintSeed"} == set(shared.bids("a8db", plain.title).json["orders"][0]["attributes"])
    assert shared.bids("rust", rust.title).json["orders"][0]["attributes"] == {}


def test_sales_are_in_dollars_newest_first(shared: Client) -> None:
    """Two decimals, unix seconds as text, asset attributes of the sold item."""
    plant = plant_in(shared, "csgo")

    sales = shared.get(SALES, gameId="a8db", title=plant.title, limit=20).json["sales"]

    dates = [int(sale["date"]) for sale in sales]
    assert {"price", "date", "txOperationType", "offerAttributes", "orderAttributes"} == set(sales[0])
    assert sorted(dates, reverse=True) == dates
    assert all(len(sale["price"].partition(".")[2]) == 2 for sale in sales)
    assert {"Offer", "Target"} == {sale["txOperationType"] for sale in sales}
    fields = {"floatValue", "paintSeed", "phaseTitle", "rareInfo", "stickers", "charms", "charmPattern"}
    assert fields == set(sales[0]["offerAttributes"])
    assert 0 < sales[0]["offerAttributes"]["floatValue"] < 1


def test_dota_sales_carry_gems_only(shared: Client) -> None:
    """What the other games tell of an item is absent (docs/exchange-api.md, Sales)."""
    plant = plant_in(shared, "dota2")

    sales = shared.get(SALES, gameId="9a92", title=plant.title).json["sales"]

    assert sales[0]["offerAttributes"] == {"gems": []}


@pytest.mark.parametrize(
    ("kinds", "seen"), [(["Offer"], {"Offer"}), (["Target"], {"Target"}), ([""], {"Offer", "Target"})]
)
def test_sales_are_filtered_by_operation(shared: Client, kinds: list[str], seen: set[str]) -> None:
    """Empty means both."""
    plant = plant_in(shared, "rust")

    sales = shared.get(SALES, gameId="rust", title=plant.title, txOperationType=kinds).json["sales"]

    assert seen == {sale["txOperationType"] for sale in sales}


def test_sales_are_paged_by_offset(shared: Client) -> None:
    """Two pages of five are the first ten."""
    title = plant_in(shared, "rust").title

    pages = [shared.get(SALES, gameId="rust", title=title, limit=5, offset=at).json["sales"] for at in (0, 5)]

    assert pages[0] + pages[1] == shared.get(SALES, gameId="rust", title=title, limit=10).json["sales"]


@pytest.mark.parametrize(("game", "fraction"), [("csgo", "0.10"), ("dota2", "0.07"), ("tf2", "0.05"), ("rust", "0.05")])
def test_fees_are_fractions_as_text(shared: Client, game: str, fraction: str) -> None:
    """Ten rows unless asked otherwise; prices, expiry and minimum are numbers."""
    answer = shared.get(FEES, gameId=IDS[game]).json

    row = answer["reducedFees"][0]
    assert {"fraction": fraction, "minAmount": 1} == answer["defaultFee"]
    assert len(answer["reducedFees"]) == 10
    assert {"title": str, "fraction": str, "minPrice": int, "maxPrice": int, "expiresAt": int} == {
        name: type(value) for name, value in row.items()
    }


def test_fees_are_paged_until_a_short_page(shared: Client) -> None:
    """All rows once; one large page holds the same."""
    pages = [shared.get(FEES, gameId="rust", limit=10, offset=at).json["reducedFees"] for at in range(0, 100, 10)]

    rows = [row for page in pages for row in page]
    assert len(pages[-1]) < 10
    assert shared.get(FEES, gameId="rust", limit=100_000).json["reducedFees"] == rows


def test_a_balance_is_cents_as_text(shared: Client) -> None:
    """All of it."""
    answer = shared.get("/account/v1/balance").json

    keys = {"usd", "usdAvailableToWithdraw", "dmc", "dmcAvailableToWithdraw", "usdTradeProtected"}
    assert keys == set(answer)
    assert all(value.isdecimal() for value in answer.values())


def test_a_user_has_every_required_field(shared: Client) -> None:
    """Among them the key that signed."""
    answer = shared.get("/account/v1/user").json

    assert set(answer) == USER
    assert shared.exchange.public_key == answer["publicKey"]
