"""How much one person may ask for, on a real Valkey; time is an argument."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from redis.asyncio import Redis

from bot.limits import RATES, Limits, Usage, Wait
from bot.shared import connect
from tests.integration.bot.with_redis import with_redis

Result = TypeVar("Result")
ADA, BOB = 501, 502
NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
SEARCH = RATES["search"]


def with_limits(url: str, work: Callable[[Limits], Awaitable[Result]]) -> Result:
    async def run(client: Redis) -> Result:
        return await work(Limits(client, "skinbeat:telegram:{1}"))

    return with_redis(url, run)


async def many(limits: Limits, user: int, action: str, times: int, now: datetime = NOW) -> list[Wait | None]:
    return [await limits.allow(user, action, now) for _ in range(times)]


def test_a_burst_is_allowed_and_then_the_wait_is_named(redis_url: str) -> None:
    """To the millisecond: what was allowed first is a minute old then."""

    async def work(limits: Limits) -> tuple[list[Wait | None], Wait | None, Wait | None, Wait | None]:
        burst = await many(limits, ADA, "search", SEARCH.burst)
        refused = await limits.allow(ADA, "search", NOW + timedelta(seconds=20))
        early = await limits.allow(ADA, "search", NOW + timedelta(seconds=59.999))
        return burst, refused, early, await limits.allow(ADA, "search", NOW + timedelta(seconds=60))

    burst, refused, early, later = with_limits(redis_url, work)

    assert burst == [None] * SEARCH.burst
    assert refused == Wait(timedelta(seconds=40), tell=True)
    assert early == Wait(timedelta(milliseconds=1), tell=False)
    assert later is None


def test_no_more_than_the_rate_goes_on_for_long(redis_url: str) -> None:
    """Bursts in every minute are no way around it: within five minutes no more than five times the rate."""

    async def work(limits: Limits) -> list[int]:
        allowed = []
        for minute in range(10):
            said = await many(limits, ADA, "search", SEARCH.burst, NOW + minute * timedelta(minutes=1))
            allowed.append(said.count(None))
        return allowed

    allowed = with_limits(redis_url, work)

    assert max(sum(allowed[start : start + 5]) for start in range(6)) == 5 * SEARCH.a_minute
    assert allowed[0] == SEARCH.burst


def test_people_and_actions_do_not_share_a_limit(redis_url: str) -> None:
    """One who floods leaves the others, and what else he does, alone; unknown actions count as the default."""

    async def work(limits: Limits) -> tuple[Wait | None, Wait | None, Wait | None]:
        await many(limits, ADA, "search", SEARCH.burst + 1)
        other, another = await limits.allow(BOB, "search", NOW), await limits.allow(ADA, "settings", NOW)
        await many(limits, ADA, "default", RATES["default"].burst)
        return other, another, await limits.allow(ADA, "of a later version", NOW)

    other, another, unknown = with_limits(redis_url, work)

    assert (other, another) == (None, None)
    assert unknown is not None


def test_a_refusal_is_told_once(redis_url: str) -> None:
    """A flood gets one answer until the wait is over, not one for each message."""

    async def work(limits: Limits) -> list[bool]:
        said = await many(limits, ADA, "search", SEARCH.burst + 5)
        return [wait.tell for wait in said if wait]

    assert with_limits(redis_url, work) == [True, False, False, False, False]


def test_an_admin_sees_and_lifts_a_limit(redis_url: str) -> None:
    """What somebody did within the last minute, and how long the next one has to wait; lifted, nothing is left."""

    async def work(limits: Limits) -> tuple[list[Usage], bool, list[Usage], Wait | None]:
        await many(limits, ADA, "search", SEARCH.burst)
        await many(limits, ADA, "settings", 2)
        shown = await limits.show(ADA, NOW + timedelta(seconds=10))
        lifted = await limits.lift(ADA)
        return shown, lifted, await limits.show(ADA, NOW), await limits.allow(ADA, "search", NOW)

    shown, lifted, after, allowed = with_limits(redis_url, work)

    assert shown == [Usage("settings", 2, timedelta()), Usage("search", SEARCH.burst, timedelta(seconds=50))]
    assert lifted
    assert (after, allowed) == ([], None)


def test_without_redis_everybody_may_do_everything(redis_url: str) -> None:
    """A limit protects others; losing it for a while is better than losing the bot."""

    async def work(_client: Redis) -> tuple[list[Wait | None], bool]:
        nowhere = connect("redis://127.0.0.1:1/0")
        limits = Limits(nowhere, "skinbeat:telegram:{1}")
        said, lifted = await many(limits, ADA, "search", 2), await limits.lift(ADA)
        await nowhere.aclose()
        return said, lifted

    assert with_redis(redis_url, work) == ([None, None], False)
