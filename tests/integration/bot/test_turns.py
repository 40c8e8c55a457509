"""The order of updates and their repetitions, on a real Valkey."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

from redis.asyncio import Redis
from telegram import Chat, Message, Update, User

from bot.repeats import Repeats
from bot.turns import MOST, MOST_OF_CHAT, Turns
from tests.integration.bot.with_redis import with_redis

Result = TypeVar("Result")
ADA, BOB = 501, 502
ROOT = "skinbeat:telegram:{1}"


def an_update(update_id: int, chat_id: int) -> Update:
    user = User(chat_id, "Ada", is_bot=False)
    message = Message(update_id, datetime.now(UTC), Chat(chat_id, "private"), from_user=user, text="hello")
    return Update(update_id, message)


def with_turns(url: str, work: Callable[[Turns], Awaitable[Result]]) -> Result:
    async def run(client: Redis) -> Result:
        turns = Turns(Repeats(client, ROOT))
        found = await work(turns)
        await turns.drain()
        return found

    return with_redis(url, run)


def test_one_chat_is_answered_in_order_and_others_beside_it(redis_url: str) -> None:
    """Bob does not wait for Ada's slow answer; Ada's second question does."""

    async def work(turns: Turns) -> list[str]:
        done: list[str] = []
        slow = asyncio.Event()

        async def answer(name: str, wait: asyncio.Event | None = None) -> None:
            if wait:
                await wait.wait()
            done.append(name)
            slow.set()

        await turns.process_update(an_update(1, ADA), answer("ada 1", slow))
        await turns.process_update(an_update(2, ADA), answer("ada 2"))
        await turns.process_update(an_update(3, BOB), answer("bob"))
        await turns.drain()
        return done

    assert with_turns(redis_url, work) == ["bob", "ada 1", "ada 2"]


def test_who_floods_is_dropped_and_others_are_not(redis_url: str) -> None:
    """Of one chat so many wait and no more; the next person's update is taken in at once."""

    async def work(turns: Turns) -> list[int]:
        done: list[int] = []
        gate = asyncio.Event()

        async def answer(number: int) -> None:
            await gate.wait()
            done.append(number)

        for number in range(100):
            await turns.process_update(an_update(number, ADA), answer(number))
        await turns.process_update(an_update(100, BOB), answer(100))
        gate.set()
        await turns.drain()
        return sorted(done)

    done = with_turns(redis_url, work)

    assert 100 in done
    assert done[:MOST_OF_CHAT] == list(range(MOST_OF_CHAT))
    assert len(done) <= MOST_OF_CHAT + 2


def test_no_more_is_taken_in_while_too_many_wait(redis_url: str) -> None:
    """Whoever brings updates is held up, or told that there is no room; room comes with the first answer."""

    async def work(turns: Turns) -> tuple[bool, bool, bool]:
        gate = asyncio.Event()

        async def answer() -> None:
            await gate.wait()

        for number in range(MOST):
            await turns.process_update(an_update(number, number + 1), answer())
        full = turns.full
        held = asyncio.create_task(turns.process_update(an_update(MOST, 1_000_000), answer()))
        done, _ = await asyncio.wait({held}, timeout=0.05)
        gate.set()
        await held
        await turns.drain()
        return full, bool(done), turns.full

    assert with_turns(redis_url, work) == (True, False, False)


def test_a_repeated_update_is_answered_once(redis_url: str) -> None:
    """Over two processes, while the first is at it and when it is done."""

    async def work(client: Redis) -> int:
        one, other = Turns(Repeats(client, ROOT)), Turns(Repeats(client, ROOT))
        answers = 0

        async def answer() -> None:
            nonlocal answers
            answers += 1
            await asyncio.sleep(0.05)

        for turns in (one, other, one):
            await turns.process_update(an_update(7, ADA), answer())
        await asyncio.gather(one.drain(), other.drain())
        await other.process_update(an_update(7, ADA), answer())
        await other.drain()
        return answers

    assert with_redis(redis_url, work) == 1


def test_an_update_of_a_process_that_died_is_answered_by_another(redis_url: str) -> None:
    """Once its mark has ended: it was begun and never done."""

    async def work(client: Redis) -> tuple[bool, bool]:
        died, alive = Repeats(client, ROOT), Repeats(client, ROOT)
        began = await died.begin(7)
        await client.pexpire(f"{ROOT}:update:7", 100)  # what is left of the eight seconds
        return began, await alive.begin(7)

    assert with_redis(redis_url, work) == (True, True)


def test_a_broken_answer_does_not_end_the_chats_turn(redis_url: str) -> None:
    """The next update of the same chat is answered."""

    async def work(turns: Turns) -> list[str]:
        done: list[str] = []

        async def breaks() -> None:
            raise RuntimeError("on purpose")

        async def answer() -> None:
            done.append("next")

        await turns.process_update(an_update(1, ADA), breaks())
        await turns.process_update(an_update(2, ADA), answer())
        await turns.drain()
        return done

    assert with_turns(redis_url, work) == ["next"]
