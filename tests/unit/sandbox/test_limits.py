"""Rate limits in fixed one-second windows (docs/exchange-api.md, Rate limits)."""

import pytest

from sandbox.exchange.limits import Windows, group_of


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ("/marketplace-api/v2/offers", "market-items"),
        ("/trade-aggregator/v1/last-sales", "last-sales"),
        ("/exchange/v1/customized-fees", "fees"),
        ("/marketplace-api/v1/aggregated-prices", "other"),
        ("/marketplace-api/v1/targets-by-title/a8db/x", "other"),
        ("/account/v1/balance", "other"),
    ],
)
def test_every_path_belongs_to_a_group(path: str, group: str) -> None:
    """Three have a group of their own, the rest share one."""
    assert group == group_of(path)


@pytest.mark.parametrize(("group", "limit"), [("market-items", 10), ("last-sales", 6), ("fees", 110), ("other", 20)])
def test_a_window_grants_its_limit_and_no_more(group: str, limit: int) -> None:
    """The request after the last one is refused."""
    windows = Windows()

    tickets = [windows.take("a", group, 1) for _ in range(limit + 1)]

    assert [True] * limit + [False] == [ticket.allowed for ticket in tickets]
    assert [*range(limit - 1, -1, -1), 0] == [ticket.remaining for ticket in tickets]


def test_the_next_second_starts_anew() -> None:
    """Windows are fixed: nothing is carried over."""
    windows = Windows()
    for _ in range(7):
        windows.take("a", "last-sales", 1)

    assert windows.take("a", "last-sales", 2).remaining == 5


def test_accounts_and_groups_are_counted_apart() -> None:
    """One account's calls cost another one nothing."""
    windows = Windows()
    windows.take("a", "last-sales", 1)

    assert windows.take("b", "last-sales", 1).remaining == 5
    assert windows.take("a", "other", 1).remaining == 19


def test_five_headers_tell_what_is_left() -> None:
    """Two spellings of limit and remainder, and a relative reset."""
    headers = Windows().take("a", "last-sales", 1).headers

    assert headers == {
        "X-RateLimit-Limit-Second": "6",
        "X-RateLimit-Remaining-Second": "5",
        "RateLimit-Limit": "6",
        "RateLimit-Remaining": "5",
        "RateLimit-Reset": "1",
    }


def test_a_refusal_says_when_to_come_back() -> None:
    """Retry-After joins the five on a 429 only."""
    windows = Windows()

    refused = [windows.take("a", "last-sales", 1) for _ in range(7)][-1]

    assert refused.headers["Retry-After"] == "1"
