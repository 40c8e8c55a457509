"""One account among several: its calls, its budget, and what the exchange thinks of it."""

import time

from dmarket.budget import Group, Permit, Priority
from dmarket.endpoints import USER
from dmarket.errors import ExchangeError, Unauthorized, WrongClock
from dmarket.standing import Standing
from dmarket.transport import Transport
from dmarket.waiting import Seconds

TRIAL_SECONDS = 5.0  # the longest a caller waits for the trial of an account


def is_about_account(failure: ExchangeError) -> bool:
    """Whether another account might not have met this failure."""
    return isinstance(failure, Unauthorized) and not isinstance(failure, WrongClock)


class Member:
    def __init__(self, transport: Transport, standing: Standing) -> None:
        self.transport = transport
        self.standing = standing
        self._not_before: dict[tuple[Group, Priority], Seconds] = {}

    def ask(self, group: Group, priority: Priority, *, mark: bool) -> tuple[Permit | None, Seconds]:
        """As Budget.try_take, but without asking Redis again before the time it told, unless for the mark's sake."""
        left = self._not_before.get((group, priority), 0) - time.monotonic()
        if left > 0 and not mark:
            return None, left
        permit, wait = self.transport.budget.try_take(group, priority, mark=mark)
        self._not_before[group, priority] = time.monotonic() + wait
        return permit, wait

    def forget(self) -> None:
        """The account is ours no longer."""
        self.transport.forget()
        self.standing.forget()

    def try_it(self, deadline: float) -> None:
        """Ask the exchange whose keys these are: what it says decides whether the account is left out or used.

        An answer that says nothing about the account (a failing exchange, a wrong clock) changes nothing.
        """
        until = min(deadline, time.monotonic() + TRIAL_SECONDS)
        try:
            self.transport.call(USER, priority=Priority.URGENT, deadline=until)
        except ExchangeError as failure:
            if is_about_account(failure):
                self.standing.refuse(str(failure))
        else:
            self.standing.restore()
