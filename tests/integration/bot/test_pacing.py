"""The shared Telegram budget on a real Valkey."""

import asyncio
from itertools import pairwise
from time import monotonic

import pytest
from redis.asyncio import Redis

from bot.pacing import FEWEST_TRIPS, MOMENT_MS, OVERALL, Pacing
from bot.permits import Later, Permit, Priority
from bot.shared import connect
from tests.integration.bot.with_redis import with_redis

pytestmark = pytest.mark.timed

ADA, BOB, GROUP_CHAT = 501, 502, -77
ROOT = "skinbeat:telegram:{1}"


async def permit(pacing: Pacing, chat_id: int, priority: Priority = Priority.ALERT) -> Permit:
    found = await pacing.turn(chat_id, priority, 10)
    assert isinstance(found, Permit), found
    return found


def test_no_second_holds_more_than_thirty_over_two_processes(redis_url: str) -> None:
    """And the places are used: 75 of them take no longer than 75/29 seconds."""

    async def work(client: Redis) -> list[float]:
        one, other = Pacing(client, ROOT), Pacing(client, ROOT)
        booked = await asyncio.gather(*(permit((one, other)[chat % 2], chat) for chat in range(1, 76)))
        return sorted(int(each.stamp) / 1e6 for each in booked)

    times = with_redis(redis_url, work)

    assert all(later - earlier > 1.005 for earlier, later in zip(times, times[OVERALL:], strict=False))
    assert min(later - earlier for earlier, later in pairwise(times)) > 0.03
    assert times[-1] - times[0] < 75 / 29


def test_one_alert_a_second_for_a_chat(redis_url: str) -> None:
    """The second one is put off, whoever asks, and the chat shows as resting."""

    async def work(client: Redis) -> tuple[Permit | Later, list[int]]:
        one, other = Pacing(client, ROOT), Pacing(client, ROOT)
        await permit(one, ADA)
        return await other.turn(ADA, Priority.ALERT, 10), (await other.look()).resting

    found, resting = with_redis(redis_url, work)

    assert isinstance(found, Later)
    assert found.chat
    assert 0.9 < found.seconds <= 1.05
    assert resting == [ADA]


def test_an_alert_does_not_wait_for_an_edit_in_its_chat(redis_url: str) -> None:
    """But an edit keeps its distance from the alert."""

    async def work(client: Redis) -> tuple[float, list[int], Permit | Later]:
        pacing = Pacing(client, ROOT)
        edit = await permit(pacing, ADA, Priority.EDIT)
        resting = (await pacing.look()).resting
        alert = await permit(pacing, ADA)
        return alert.at - edit.at, resting, await pacing.turn(ADA, Priority.EDIT, 0)

    distance, resting, again = with_redis(redis_url, work)

    assert distance < 0.1
    assert resting == []
    assert isinstance(again, Later)
    assert 0.9 < again.seconds <= 1.1  # from the alert's time, which was a place ahead


def test_a_clock_that_was_set_back_keeps_no_chat_waiting(redis_url: str) -> None:
    """What was written an hour ahead of today's time counts for nothing."""

    async def work(client: Redis) -> tuple[list[int], Permit]:
        pacing, ahead = Pacing(client, ROOT), (await client.time())[0] * 1_000_000 + 3_600_000_000
        await client.lpush(f"{ROOT}:sent", ahead)
        await client.zadd(f"{ROOT}:resting", {str(ADA): ahead})
        return (await pacing.look()).resting, await permit(pacing, ADA)

    resting, alert = with_redis(redis_url, work)

    assert resting == []
    assert alert.at <= monotonic() + 0.1


def test_edits_leave_places_of_a_chats_burst_to_alerts(redis_url: str) -> None:
    """After three messages of late no edit may go, an alert may."""

    async def work(client: Redis) -> tuple[Permit | Later, Permit]:
        pacing, now = Pacing(client, ROOT), (await client.time())[0] * 1_000_000
        await client.rpush(f"{ROOT}:chat:{ADA}", *(now - 1_100_000 * age for age in range(1, 4)))
        return await pacing.turn(ADA, Priority.EDIT, 0), await permit(pacing, ADA)

    edit, alert = with_redis(redis_url, work)

    assert isinstance(edit, Later)
    assert edit.chat
    assert alert.at <= monotonic() + 0.1


def test_a_short_burst_of_answers_is_let_through(redis_url: str) -> None:
    """Five at once to somebody who presses buttons; the sixth waits."""

    async def work(client: Redis) -> tuple[list[float], Permit | Later]:
        pacing = Pacing(client, ROOT)
        five = [(await permit(pacing, ADA, Priority.ANSWER)).at for _ in range(5)]
        return five, await pacing.turn(ADA, Priority.ANSWER, 0.5)

    five, sixth = with_redis(redis_url, work)

    assert five[-1] - five[0] < 0.3
    assert isinstance(sixth, Later)
    assert 4 < sixth.seconds <= 5.25


def test_a_group_gets_twenty_messages_a_minute(redis_url: str) -> None:
    """The twenty-first waits for the first to be a minute old; others are not held up by it."""

    async def work(client: Redis) -> tuple[Permit | Later, Permit]:
        pacing = Pacing(client, ROOT)
        key, now = f"{ROOT}:chat:{GROUP_CHAT}", (await client.time())[0] * 1_000_000
        await client.rpush(key, *(now - 1_100_000 * age for age in range(1, 21)))
        return await pacing.turn(GROUP_CHAT, Priority.ALERT, 0), await permit(pacing, ADA)

    group, private = with_redis(redis_url, work)

    assert isinstance(group, Later)
    assert 35 < group.seconds < 40
    assert private.at <= monotonic() + 0.1


def test_an_answer_goes_before_alerts_that_wait(redis_url: str) -> None:
    """It books behind what is booked already, where no alert may book yet."""

    async def work(client: Redis) -> tuple[float, list[float]]:
        pacing = Pacing(client, ROOT)
        for chat in range(1, 12):  # all that may be booked ahead
            await permit(pacing, chat)
        alerts = [asyncio.create_task(permit(pacing, chat)) for chat in range(12, 31)]
        answer = await permit(pacing, ADA, Priority.ANSWER)
        return answer.at, sorted([each.at for each in await asyncio.gather(*alerts)])

    answer, alerts = with_redis(redis_url, work)

    assert all(at > answer for at in alerts)


def test_an_edit_gives_way_to_alerts(redis_url: str) -> None:
    """While places ahead are taken it books none."""

    async def work(client: Redis) -> Permit | Later:
        pacing = Pacing(client, ROOT)
        for chat in range(1, 6):
            await permit(pacing, chat)
        return await pacing.turn(BOB, Priority.EDIT, 0)

    assert isinstance(with_redis(redis_url, work), Later)


def test_a_late_message_moves_what_comes_a_second_later(redis_url: str) -> None:
    """Its place in the log is where it may have arrived; the thirtieth after it keeps its distance from there."""

    async def work(client: Redis) -> tuple[float, float]:
        pacing = Pacing(client, ROOT)
        for chat in range(100, 100 + FEWEST_TRIPS):  # tell how long the way is: 10 ms
            one = await permit(pacing, chat)
            await pacing.hold(one)
            await pacing.arrived(one, one.at, one.at + 0.01)
        second = await permit(pacing, BOB)
        await pacing.hold(second)
        await asyncio.sleep(0.2)
        await pacing.arrived(second, second.at, second.at + 0.21)
        for chat in range(1, 30):
            await permit(pacing, chat)
        return second.at, (await permit(pacing, 30)).at

    second, last = with_redis(redis_url, work)

    assert last - second > 1.18


def test_what_was_booked_before_a_message_went_late_waits_for_it(redis_url: str) -> None:
    """The thirtieth after it was booked already; it looks again before it goes."""

    async def work(client: Redis) -> tuple[Permit, Permit | Later]:
        pacing = Pacing(client, ROOT)
        first = await permit(pacing, ADA)
        for chat in range(1, OVERALL):
            await permit(pacing, chat)
        last = await permit(pacing, BOB)
        await pacing.arrived(first, first.at, first.at + 0.25)  # the way is not known yet: all of it may be delay
        return first, await pacing.hold(last)

    first, last = with_redis(redis_url, work)

    assert isinstance(last, Permit)
    assert last.at - first.at > 1.25


def test_a_refused_group_holds_up_nobody_else(redis_url: str) -> None:
    """It rests for every process, as long as Telegram says."""

    async def work(client: Redis) -> tuple[list[int], Permit | Later, Permit]:
        one, other = Pacing(client, ROOT), Pacing(client, ROOT)
        await one.refused(GROUP_CHAT, 60)
        look = await other.look()
        return look.resting, await other.turn(GROUP_CHAT, Priority.ANSWER, 1), await permit(other, ADA)

    resting, group, private = with_redis(redis_url, work)

    assert resting == [GROUP_CHAT]
    assert isinstance(group, Later)
    assert private.at <= monotonic() + 0.1


def test_one_refused_private_chat_holds_up_others_for_a_moment_only(redis_url: str) -> None:
    """It may be that chat's own trouble; a success elsewhere says so, and the next refusal is judged alike."""

    async def work(client: Redis) -> tuple[float, float]:
        one, other = Pacing(client, ROOT), Pacing(client, ROOT)
        await one.refused(ADA, 60)
        first = (await other.look()).wait
        success = await permit(other, BOB, Priority.ANSWER)
        await other.hold(success)
        await other.arrived(success, success.at, success.at)
        await one.refused(BOB, 60)
        return first, (await other.look()).wait

    moments = with_redis(redis_url, work)

    assert all(0.5 < moment <= MOMENT_MS / 1000 for moment in moments)


def test_two_refused_private_chats_in_a_row_hold_up_everybody(redis_url: str) -> None:
    """As long as Telegram says, in every process; what was booked before goes no more."""

    async def work(client: Redis) -> tuple[Permit | Later, float]:
        one, other = Pacing(client, ROOT), Pacing(client, ROOT)
        booked = await permit(other, 7)
        await one.refused(ADA, 60)
        await one.refused(BOB, 60)
        return await other.hold(booked), (await other.look()).wait

    held, wait = with_redis(redis_url, work)

    assert isinstance(held, Later)
    assert 59 < held.seconds <= 60
    assert 59 < wait <= 60


def test_without_redis_messages_go_out_slowly(redis_url: str) -> None:
    """After a pause, six times slower than Telegram allows, and /ready has a sentence."""

    async def work(_client: Redis) -> tuple[list[float], str | None, float]:
        nowhere = connect("redis://127.0.0.1:1/0")
        pacing, began = Pacing(nowhere, ROOT), monotonic()
        times = [(await permit(pacing, chat, Priority.ANSWER)).at for chat in range(1, 8)]
        await nowhere.aclose()
        return times, pacing.check(), began

    times, said, began = with_redis(redis_url, work)

    assert times[0] - began >= 1.0
    assert all(later - earlier > 0.2 for earlier, later in pairwise(times))
    assert "Redis does not answer" in (said or "")


def test_when_redis_is_back_all_wait_for_a_moment(redis_url: str) -> None:
    """Those who are still on their own send meanwhile, and no log knows it."""

    async def work(client: Redis) -> tuple[float, str | None]:
        clock = [100.0]
        pacing = Pacing(client, ROOT, lambda: clock[0])
        await client.set(f"{ROOT}:sent", "no list")  # Redis answers with an error
        await pacing.look()
        await client.delete(f"{ROOT}:sent")
        clock[0] += 2
        return (await pacing.look()).wait, pacing.check()

    wait, said = with_redis(redis_url, work)

    assert 1 < wait <= 1.5
    assert said is None
