"""An account that is refused: when it is left out, by whom it is tried, and what the callers see of it."""

import pytest
import redis

from dmarket.budget import Group
from dmarket.connections import Connections
from dmarket.endpoints import OFFERS, SALES, USER
from dmarket.errors import NoAccount, Unauthorized, WrongClock
from tests.integration.dmarket.accounts import SHORT, UNKNOWN, A, B, MakeFleet, asked_by, get, member_of, refuse
from tests.integration.dmarket.budgets import wait_until
from tests.integration.dmarket.scripted import Reply, Script

pytestmark = pytest.mark.timed


def test_a_refused_read_is_made_by_another_account(make_fleet: MakeFleet, script: Script) -> None:
    """The one that was refused is asked who it is, then left out by every worker; no caller sees anything of it."""
    script.answer = refuse(A)
    mine, theirs = make_fleet(A, B), make_fleet(A, B)

    answers = [get(mine), *(get(fleet) for fleet in (mine, theirs) * 3)]

    assert answers == [{}] * 7
    assert asked_by(script, A) == [OFFERS.path, USER.path]
    assert asked_by(script, B) == [OFFERS.path] * 7


def test_a_refused_read_waits_for_another_account(
    make_fleet: MakeFleet, broker: redis.Redis, connections: Connections, script: Script
) -> None:
    """One that has to pause is still better than the one that refused it, which may be asked other things."""
    script.answer = refuse(A, path=OFFERS.path)
    budget = member_of(broker, connections, B).transport.budget
    budget.report(Group.MARKET_ITEMS, 429, {"Retry-After": "1"})

    answer = get(make_fleet(A, B))

    assert answer == {}
    assert asked_by(script, A) == [OFFERS.path, USER.path]
    assert asked_by(script, B) == [OFFERS.path]


def test_an_account_comes_back_by_one_trial_of_one_worker(make_fleet: MakeFleet, script: Script) -> None:
    """After its pause, not before."""
    fleets = [make_fleet(A, B, pauses=SHORT) for _ in range(3)]
    script.answer = refuse(A)
    get(fleets[0])
    lost = len(asked_by(script, A))
    script.answer = None

    def again() -> bool:
        for fleet in fleets:
            get(fleet)
        return len(asked_by(script, A)) > lost + 1

    wait_until(again)

    assert asked_by(script, A)[lost:].count(USER.path) == 1
    assert asked_by(script, A)[lost] == USER.path


def test_a_refusal_that_is_about_the_call_leaves_the_account_in(make_fleet: MakeFleet, script: Script) -> None:
    """Nobody gets that title: the account is asked who it is, answers, and goes on with others."""
    script.answer = refuse(A, B, path=OFFERS.path)
    fleet = make_fleet(A, B)

    with pytest.raises(Unauthorized):
        get(fleet)
    get(fleet, SALES)
    get(fleet, SALES)

    assert asked_by(script, A) == [OFFERS.path, USER.path, SALES.path]
    assert asked_by(script, B) == [OFFERS.path, USER.path, SALES.path]


def test_an_exchange_that_fails_says_nothing_about_an_account(make_fleet: MakeFleet, script: Script) -> None:
    """A suspicion that cannot be confirmed changes nothing."""
    refused = refuse(A, path=OFFERS.path)
    script.answer = lambda asked: Reply({}, 502) if asked.target == USER.path else refused(asked)
    fleet = make_fleet(A, B)

    for _ in range(4):
        get(fleet)

    assert len([path for path in asked_by(script, A) if path == OFFERS.path]) > 1


def test_a_wrong_clock_loses_no_account(make_fleet: MakeFleet, script: Script) -> None:
    """All would be refused for it: the error names the clock, and when it is right again all are used."""
    script.say(UNKNOWN)

    with pytest.raises(WrongClock, match=r"clock is \d+ s ahead of the exchange's"):
        get(make_fleet(A, B, off=600))
    assert len(script.asked) == 1
    script.say(Reply({}))
    fleet = make_fleet(A, B)
    get(fleet)
    get(fleet)

    assert {asked.headers["x-api-key"] for asked in script.asked} == {A.public_key, B.public_key}


def test_a_single_account_that_is_refused_is_what_the_caller_sees(make_fleet: MakeFleet, script: Script) -> None:
    """First the exchange's own words, then without a call that it is left out and until when."""
    script.answer = refuse(A, reply=UNKNOWN)
    fleet = make_fleet(A)

    with pytest.raises(Unauthorized, match="HTTP 401"):
        get(fleet)
    with pytest.raises(NoAccount, match=f"refuses the account, .*: {A.name} .user: .*HTTP 401") as caught:
        get(fleet)

    assert asked_by(script, A) == [OFFERS.path, USER.path]
    assert caught.value.retry_after == pytest.approx(30, abs=1)
    assert not caught.value.permanent


def test_a_single_account_comes_back_too(make_fleet: MakeFleet, script: Script) -> None:
    """The caller who tries it goes on with its own call."""
    script.answer = refuse(A)
    fleet = make_fleet(A, pauses=SHORT)
    with pytest.raises(Unauthorized):
        get(fleet)
    script.answer = None

    def works() -> bool:
        try:
            return get(fleet) == {}
        except NoAccount:
            return False

    wait_until(works)

    assert asked_by(script, A) == [OFFERS.path, USER.path, USER.path, OFFERS.path]


def test_where_all_are_refused_one_sentence_names_them(make_fleet: MakeFleet, script: Script) -> None:
    """Each with its reason, without a key."""
    script.answer = refuse(A, B)
    fleet = make_fleet(A, B)

    with pytest.raises(Unauthorized):
        get(fleet)
    with pytest.raises(NoAccount, match="offers: the exchange refuses all 2 accounts, the next trial is in") as caught:
        get(fleet)

    assert A.name in str(caught.value)
    assert B.name in str(caught.value)
    assert not any(key in str(caught.value) for key in (A.public_key, B.public_key))
