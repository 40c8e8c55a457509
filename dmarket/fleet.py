"""All accounts as one caller: each call goes to the account that may send it soonest."""

import itertools
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from requests import PreparedRequest

from dmarket.budget import Permit, Priority
from dmarket.endpoints import Endpoint
from dmarket.errors import ExchangeError, NoAccount, Unauthorized
from dmarket.member import Member, is_about_account
from dmarket.retrying import with_retries
from dmarket.transport import Query
from dmarket.waiting import Seconds, wait_for

HOW = "add one with `celery -A worker keys add NAME`, or set DMARKET_PUBLIC_KEY and DMARKET_SECRET_KEY"


@dataclass(frozen=True, slots=True)
class _Question:
    """A call that any of `members` may make, not signed yet; `refused` are those that it was refused to."""

    members: Sequence[Member]
    endpoint: Endpoint
    request: PreparedRequest
    priority: Priority
    deadline: float
    refused: list[Member]


@dataclass(frozen=True, slots=True)
class _Turn:
    member: Member
    signed: PreparedRequest
    permit: Permit


class Fleet:
    """Calls of whichever account may go first: for the market only, of which every account is told the same.

    All members share one `Connections`, which keeps a pool for each account. `members` is asked at each call, so
    accounts may come and go; `jitter` gives numbers in [0, 1).
    """

    def __init__(self, members: Callable[[], Sequence[Member]], *, jitter: Callable[[], float] = random.random) -> None:
        self._members = members
        self._jitter = jitter
        self._turns = itertools.count()

    def call(
        self,
        endpoint: Endpoint,
        *,
        parts: dict[str, str] | None = None,
        query: Query = (),
        body: object = None,
        priority: Priority,
        deadline: float,
    ) -> object:
        """As Transport.call; a read that is refused to one account goes on with another one.

        Raises NoAccount where there is none or the exchange refuses all of them.
        """
        members = self._members()
        if not members:
            raise NoAccount(endpoint.name, f"there is no exchange account: {HOW}")
        request = members[0].transport.prepare(endpoint, parts or {}, query, body)
        question = _Question(members, endpoint, request, priority, deadline, [])

        def elsewhere(failure: ExchangeError) -> bool:
            return is_about_account(failure) and any(one not in question.refused for one in _usable(members))

        return with_retries(
            endpoint, lambda: self._attempt(question), deadline, jitter=self._jitter, elsewhere=elsewhere
        )

    def _attempt(self, question: _Question) -> object:
        endpoint, deadline = question.endpoint, question.deadline
        _try_due(question.members, deadline)
        with question.members[0].transport.connections.slot(endpoint.name, deadline):
            turn = self._turn(question)
            answer = turn.member.transport.send(endpoint, turn.signed, deadline)
        try:
            return turn.member.transport.read(endpoint, turn.permit, answer)
        except Unauthorized as refusal:
            if is_about_account(refusal):
                question.refused.append(turn.member)
                self._find_out(turn.member, deadline)
            raise

    def _turn(self, question: _Question) -> _Turn:
        """Wait for the first permit of any usable account."""
        signed: dict[Member, PreparedRequest] = {}

        def ask(member: Member, *, mark: bool) -> tuple[_Turn | None, Seconds]:
            if member not in signed:  # before the permit, which is asked for last (see Transport.call)
                signed[member] = member.transport.sign(question.request)
            permit, wait = member.ask(question.endpoint.group, question.priority, mark=mark)
            return (_Turn(member, signed[member], permit) if permit else None), wait

        def ask_all() -> tuple[_Turn | None, Seconds]:
            candidates = self._candidates(question)
            waits = []
            for member in candidates:
                turn, wait = ask(member, mark=len(candidates) == 1)
                if turn:
                    return turn, 0
                waits.append(wait)
            soonest = candidates[waits.index(min(waits))]
            if len(candidates) > 1 and question.priority is Priority.URGENT:
                return ask(soonest, mark=True)
            return None, min(waits)

        return wait_for(ask_all, question.endpoint.group, question.deadline)

    def _candidates(self, question: _Question) -> list[Member]:
        """Whom to ask, each time beginning with another one; who refused the question only where nobody else is."""
        usable = _usable(question.members)
        if not usable:
            raise _no_account(question)
        first = next(self._turns) % len(usable)
        usable = usable[first:] + usable[:first]
        return [member for member in usable if member not in question.refused] or usable

    def _find_out(self, member: Member, deadline: float) -> None:
        """Ask whether a refusal was about the account or about the call alone, unless somebody else does."""
        if member.standing.suspect():
            member.try_it(deadline)


def _usable(members: Sequence[Member]) -> list[Member]:
    return [member for member in members if member.standing.left_out() is None]


def _no_account(question: _Question) -> NoAccount:
    outs = [(member.standing.name, member.standing.left_out()) for member in question.members]
    reasons = ", ".join(f"{name} ({out.reason})" for name, out in outs if out)
    wait = min((out.seconds for _, out in outs if out), default=0)
    who = "the account" if len(outs) == 1 else f"all {len(outs)} accounts"
    detail = f"the exchange refuses {who}, the next trial is in {wait:.0f} s: {reasons}"
    return NoAccount(question.endpoint.name, detail, retry_after=wait)


def _try_due(members: Sequence[Member], deadline: float) -> None:
    """Try each account whose pause is over, unless somebody else does."""
    for member in members:
        out = member.standing.left_out()
        if out and out.seconds <= 0 and member.standing.claim():
            member.try_it(deadline)
