import random

import pytest

from bot.pacing import CHAT_SECONDS, GROUP, GROUP_SECONDS, GULP, GULP_SECONDS, LEAST_WAIT, OVERALL, Pacing

ADA, BOB, GROUP_CHAT = 1, 2, -5


def test_at_most_five_messages_leave_within_a_fifth_of_a_second() -> None:
    """Then there is no room until the first ones are that old."""
    pacing = Pacing()
    for chat in range(GULP):
        pacing.record(chat, 10.0, group=False)

    assert pacing.room(10.19) == 0
    assert pacing.room(10.0 + GULP_SECONDS) == GULP


def test_at_most_25_messages_leave_within_a_second() -> None:
    """Also when answers to commands went out in one burst."""
    pacing = Pacing()
    for chat in range(OVERALL):
        pacing.record(chat, 10.0, group=False)

    assert pacing.room(10.99) == 0
    assert pacing.room(11.0) == GULP


def test_a_private_chat_rests_a_second() -> None:
    """Others may be written to meanwhile."""
    pacing = Pacing()
    pacing.record(ADA, 10.0, group=False)

    assert pacing.resting(11.0) == [ADA]
    assert pacing.resting(10.0 + CHAT_SECONDS) == []


def test_a_group_gets_20_messages_a_minute() -> None:
    """The twentieth makes it rest until the first is a minute old."""
    pacing = Pacing()
    for number in range(GROUP):
        pacing.record(GROUP_CHAT, 10.0 + 2 * number, group=True)

    assert pacing.resting(10.0 + GROUP_SECONDS - 0.1) == [GROUP_CHAT]
    assert pacing.resting(10.0 + GROUP_SECONDS) == []


def test_no_minute_ever_holds_more_than_20_messages_to_a_group() -> None:
    """Over ten minutes of sending as fast as allowed."""
    pacing, now, sent = Pacing(), 0.0, list[float]()
    while now < 600:
        if GROUP_CHAT not in pacing.resting(now):
            pacing.record(GROUP_CHAT, now, group=True)
            sent.append(now)
        now += 0.5

    assert max(sum(start <= at < start + 60 for at in sent) for start in sent) == GROUP


def test_no_second_ever_holds_more_than_25_messages() -> None:
    """Over random moments of sending all that is allowed."""
    pacing, chance, now, sent = Pacing(), random.Random(7), 0.0, list[float]()
    for chat in range(400):
        for place in range(pacing.room(now)):
            pacing.record(1000 * chat + place, now, group=False)
            sent.append(now)
        now += chance.random() / 50

    assert max(sum(start <= at < start + 1 for at in sent) for start in set(sent)) <= 25
    assert len(sent) > 20 * now


def test_a_pause_holds_everything_back() -> None:
    """A shorter one does not end it."""
    pacing = Pacing()
    pacing.pause(20.0)
    pacing.pause(15.0)

    assert pacing.room(19.0) == 0
    assert pacing.wait(19.0) == pytest.approx(1.0)
    assert pacing.room(20.0) == GULP


def test_a_longer_rest_is_not_shortened_by_a_message() -> None:
    """Telegram's own demand stands."""
    pacing = Pacing()
    pacing.rest(ADA, 40.0)
    pacing.record(ADA, 10.0, group=False)

    assert pacing.resting(39.0) == [ADA]


def test_nothing_held_back_needs_no_wait() -> None:
    """An idle bot waits for news only."""
    assert Pacing().wait(10.0) is None


def test_the_wait_ends_when_the_first_chat_is_ready() -> None:
    """Chats that become ready almost at once are waited for together."""
    pacing = Pacing()
    pacing.record(ADA, 10.0, group=False)
    pacing.record(BOB, 10.5, group=False)

    assert pacing.wait(10.5) == pytest.approx(CHAT_SECONDS - 0.5)
    assert pacing.wait(10.0 + CHAT_SECONDS - 0.001) == LEAST_WAIT


@pytest.mark.parametrize("burst", [GULP, OVERALL - GULP, OVERALL, OVERALL + 10])
def test_at_full_load_a_whole_gulp_is_waited_for(burst: int) -> None:
    """So that each look at the outbox is worth it; answers that took more than there was are waited out."""
    pacing = Pacing()
    for number in range(burst):
        pacing.record(number, 10.0 + number / 1000, group=False)
    wait = pacing.wait(10.05)

    assert wait is not None
    assert pacing.room(10.05) <= 0
    assert pacing.room(10.05 + wait - 0.001) < GULP
    assert pacing.room(10.05 + wait + 0.0001) == GULP


def test_a_refused_group_rests_alone_and_a_refused_private_chat_stops_all() -> None:
    """Telegram does not say which limit it was; a group has a tighter one of its own."""
    pacing = Pacing()
    pacing.refused(GROUP_CHAT, 20.0, group=True)
    room_with_resting_group = pacing.room(10.0)
    pacing.refused(ADA, 15.0, group=False)

    assert pacing.resting(19.0) == [GROUP_CHAT]
    assert room_with_resting_group == GULP
    assert pacing.room(14.0) == 0
