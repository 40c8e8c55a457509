"""What the sandbox remembers of its callers."""

import pytest

from sandbox.exchange.traffic import Arrived, Flow, Request, Traffic, path_label


def test_a_burst_is_seen_across_two_windows() -> None:
    """Ten at the end of a second and ten at the start of the next are twenty within one rolling second."""
    flow = Flow()
    for moment in [0.95] * 10 + [1.05] * 10 + [3.0]:
        flow.arrive("/x", moment)

    assert flow.largest == 20


def test_a_full_second_apart_is_not_the_same_second() -> None:
    """The window is half open: [t, t + 1)."""
    flow = Flow()
    for moment in (1.0, 2.0, 3.0):
        flow.arrive("/x", moment)

    assert flow.largest == 1


def test_rejections_are_counted_singly_and_by_window() -> None:
    """Five refusals in two seconds are five, in two windows."""
    flow = Flow()
    for second in (1, 1, 1, 2, 2):
        flow.reject(second)

    assert (flow.rejected, flow.over_limit_windows) == (5, 2)


def test_titles_do_not_become_labels() -> None:
    """Bid books of all titles share one counter."""
    path = "/marketplace-api/v1/targets-by-title/a8db/AK-47 | Redline (Field-Tested)"

    assert path_label(path) == "/marketplace-api/v1/targets-by-title/{game_id}/{title}"
    assert path_label("/account/v1/user") == "/account/v1/user"


def test_the_log_is_read_on_from_a_number() -> None:
    """`next` of one answer is `since` of the following one."""
    traffic = Traffic()
    for status in (200, 401, 429):
        traffic.record(Request(0.0, "a", "other", "GET", "/x", status, 0))

    first, rest = traffic.since(1), traffic.since(3)

    assert [row["status"] for row in first["requests"]] == [401, 429]
    assert (rest["next"], rest["requests"]) == (3, [])


def test_the_report_is_by_account_and_group() -> None:
    """Each flow under its own names."""
    traffic = Traffic()
    traffic.flow("a", "fees").arrive("/x", 1.0)

    report = traffic.report()

    assert {"a"} == set(report)
    assert report["a"]["fees"]["total"] == 1
    assert report["a"]["fees"]["paths"] == {"/x": 1}


def test_a_call_that_fails_is_not_open_any_more() -> None:
    """Also where the exchange itself breaks; the others stay, the oldest first."""
    traffic = Traffic()
    first, second, third = (Arrived(moment, "GET", "/x", "host", b"") for moment in (1.0, 2.0, 3.0))
    with traffic.under_way(first), traffic.under_way(third):
        with pytest.raises(ZeroDivisionError), traffic.under_way(second):
            1 / 0  # noqa: B018  # what matters is that it raises
        left = [call["time"] for call in traffic.unanswered()]

    assert left == [1.0, 3.0]
    assert traffic.unanswered() == []


def test_a_body_that_is_no_text_is_shown_all_the_same() -> None:
    """What a fuzzing client sends must not break the list of open calls."""
    traffic = Traffic()
    with traffic.under_way(Arrived(1.0, "POST", "/x", "host", b"\xff{}")):
        (call,) = traffic.unanswered()

    assert call["body"] == "\N{REPLACEMENT CHARACTER}{}"
