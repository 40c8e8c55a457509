"""The services as the settings make them: all accounts for the market, the first for what is an account's own."""

import time
from collections.abc import Iterator

import pytest

from config.settings import Settings, SettingsError, load
from dmarket.endpoints import AGGREGATED_PRICES, FEES
from domain.games import RUST
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from sandbox.exchange.signatures import key_pair
from tasks.services import Services, build, credentials_of

PAIRS = [key_pair(bytes([number]) * 32) for number in (1, 2)]
KEYS = {
    "DMARKET_PUBLIC_KEY": ",".join(public for public, _ in PAIRS),
    "DMARKET_SECRET_KEY": ",".join(secret for _, secret in PAIRS),
}


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    accounts = tuple(public for public, _ in PAIRS)
    with serve(Options(titles={"rust": 200}, accounts=accounts, latency_ms=0, tick_seconds=0)) as exchange:
        yield exchange


@pytest.fixture
def work(exchange: Exchange, redis_url: str) -> Iterator[Services]:
    environ = {
        **KEYS,
        "DATABASE_URL": "postgresql://nobody@127.0.0.1:9/none",
        "CELERY_BROKER_URL": redis_url,
        "DMARKET_API_URL": exchange.url,
    }
    work = build(load(environ, "worker"))
    yield work
    work.readers.shutdown()
    work.database.dispose()


def who_asked(exchange: Exchange, path: str) -> set[str]:
    return {row.account for row in exchange.traffic.log if row.path == path}


def test_the_market_is_read_with_every_account_and_fees_with_the_first(exchange: Exchange, work: Services) -> None:
    """Fees may be personal: those of one account must not be taken for another's."""
    title = exchange.market.games["rust"].order[0]

    for _ in range(4):
        work.exchange.aggregated_prices(RUST, [title], deadline=time.monotonic() + 5)
        work.exchange.fees(RUST, deadline=time.monotonic() + 5)

    assert who_asked(exchange, AGGREGATED_PRICES.path) == {public for public, _ in PAIRS}
    assert who_asked(exchange, FEES.path) == {PAIRS[0][0]}


def test_each_pair_that_is_none_is_one_sentence() -> None:
    """A seed does not show whose it is, so it is computed."""
    seeds = ",".join(secret[:64] for _, secret in reversed(PAIRS))
    settings = Settings.model_validate({"dmarket_public_key": KEYS["DMARKET_PUBLIC_KEY"], "dmarket_secret_key": seeds})

    with pytest.raises(SettingsError) as caught:
        credentials_of(settings)

    assert caught.value.problems == [
        f"DMARKET_SECRET_KEY: key {place} of 2 does not belong to DMARKET_PUBLIC_KEY: give both of one key pair"
        for place in (1, 2)
    ]
