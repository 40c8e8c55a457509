"""The whole product with the least rights of each process: it works, calls nobody else, and tells no secret."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import quote, urlsplit

import pytest
import redis

from migrations.roles import apply
from sandbox.runner.console import Screen
from sandbox.runner.stack import Wishes, prepare
from sandbox.servers.children import ProcessFamily
from tests.acceptance.conftest import _plain
from tests.acceptance.guarded import (
    BOT_PASSWORD,
    OLD_RING_KEY,
    REDIS_USERS,
    SMALL,
    WATCH,
    WORKER_PASSWORD,
    WRONG,
    Guarded,
    acl_rules,
    echoing,
    environs_of,
)
from tests.acceptance.market import Market, nothing_left

HARMFUL = (
    "FLUSHALL",
    "FLUSHDB",
    "CONFIG GET *",
    "KEYS *",
    "SCAN 0",
    "DEBUG SLEEP 0",
    "SHUTDOWN NOSAVE",
    "MODULE LIST",
    "CLIENT LIST",
    "CLIENT KILL TYPE normal",
    "MONITOR",
    "ACL LIST",
    "SAVE",
    "EVAL return(1) 0",
    "FUNCTION LIST",
    "SCRIPT FLUSH",
    "REPLICAOF NO ONE",
    "INFO",
    "SLOWLOG GET",
    "GET somebody:else",
    "SET somebody:else 1",
    "PUBLISH somebody:else 1",
)

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """Everything runs, every deal was told, and every command was tried well and badly."""
    data, watched = tmp_path_factory.mktemp("run"), tmp_path_factory.mktemp("watched")
    (watched / "sitecustomize.py").write_text(WATCH)
    with ExitStack() as stack:
        family = stack.enter_context(ProcessFamily(data))
        prepared = prepare(family, data, _plain(), Screen(), Wishes(everything=True, exchange=SMALL))
        apply(prepared.env["DATABASE_URL"], {"WORKER_DB_PASSWORD": WORKER_PASSWORD, "BOT_DB_PASSWORD": BOT_PASSWORD})
        with redis.Redis.from_url(prepared.env["CELERY_BROKER_URL"]) as admin:
            for user in REDIS_USERS:
                admin.execute_command("ACL", "SETUSER", user, *acl_rules(user))
        market = Market(prepared, data)
        found = Guarded(market, environs_of(prepared.env, watched), watched)
        for process, environ in found.environs.items():
            market.processes[process] = replace(prepared, env=environ).spawn(process)
        market.say("/start")
        nothing_left("deals not told", market.untold)
        _keep_keys(found)
        _try_everything(found)
        yield found


def _keep_keys(found: Guarded) -> None:
    """The account in the database too, sealed with the old key, then with the new one; nobody but the owner may."""
    owner, old = found.market.stack.env["DATABASE_URL"], f"old:{OLD_RING_KEY}"
    secret = found.market.stack.env["DMARKET_SECRET_KEY"]
    codes = [
        found.command("keys add", "keys", "add", "kept", typed=secret, DATABASE_URL=owner, ENCRYPTION_KEYS=old),
        found.command("keys add as worker", "keys", "add", "more", "--unchecked", typed=secret),
        found.command("keys with a secret as argument", "keys", "add", "more", secret),
        found.command("keys encrypt", "keys", "encrypt", "kept", typed=secret),
        found.command("keys list", "keys", "list"),
        found.command("keys rotate", "keys", "rotate", DATABASE_URL=owner),
        found.command("keys check", "keys", "check", DATABASE_URL=owner),
    ]
    assert codes == [0, 1, 2, 0, 0, 0, 0], found.outputs


def _try_everything(found: Guarded) -> None:
    """Commands that succeed, and failures of every kind that could quote a secret."""
    worker, broker = found.environs["worker"], _broker(found)
    assert found.command("scan", "scan", "csgo", "--wait") == 0, found.outputs
    wrong_database = re.sub(":[^:@]+@", f":{WRONG}@", worker["DATABASE_URL"])
    wrong_broker, no_broker = (f"redis://skinbeat:{WRONG}@{where}/0" for where in (broker, "127.0.0.1:1"))
    bad_urls = {"REDIS_URL": f"redis:/{WRONG}@x", "DATABASE_URL": f"postgresql://{WRONG}:x:y@[::1/x"}
    with echoing() as url, ThreadPoolExecutor(4) as pool:
        started = [
            pool.submit(found.command, "account", "account"),
            pool.submit(found.command, "report", "report"),
            pool.submit(found.command, "configuration", "inspect", "conf", "--timeout", "5"),
            pool.submit(found.command, "stats", "inspect", "stats", "--timeout", "5"),
            pool.submit(found.command, "no database", "scan", "csgo", DATABASE_URL=wrong_database),
            pool.submit(found.command, "no broker", "scan", "csgo", CELERY_BROKER_URL=no_broker),
            pool.submit(found.command, "wrong broker", "inspect", "ping", CELERY_BROKER_URL=wrong_broker),
            pool.submit(found.command, "wrong redis", "account", REDIS_URL=wrong_broker),
            pool.submit(found.command, "bad urls", "account", **bad_urls),
            pool.submit(found.command, "bad keys", "account", DMARKET_SECRET_KEY=worker["DMARKET_SECRET_KEY"][:-2]),
            pool.submit(found.command, "an exchange that quotes us", "account", DMARKET_API_URL=url),
        ]
        codes = [one.result() for one in started]
    assert codes[0] == 0, found.outputs["account"]


def refuses(client: redis.Redis, command: list[str]) -> bool:
    try:
        client.execute_command(*command)  # type: ignore[no-untyped-call]  # redis-py leaves it untyped
    except redis.exceptions.ResponseError:  # that the user may not, or that nobody may
        return True
    return False


def _broker(found: Guarded) -> str:
    return str(urlsplit(found.environs["worker"]["REDIS_URL"]).netloc.rpartition("@")[2])


def test_everything_works_with_these_rights(guarded: Guarded) -> None:
    """Every planted deal is told, no line says that something was refused, all that was owed ended."""
    logs = guarded.logs()
    refused = [line for line in logs.splitlines() if re.search("permission denied|NOPERM|no permissions", line)]

    assert set(guarded.market.alerted()) == guarded.market.planted()
    assert refused == []
    assert "Traceback" not in logs
    assert guarded.market.count("SELECT count(*) FROM price_history") > 0
    assert "titles priced" in guarded.outputs["scan"]


@pytest.mark.parametrize(("process", "foreign"), [("worker", "somebody:else"), ("bot", "skinbeat:budget:x")])
def test_the_broker_user_may_not_do_harm(guarded: Guarded, process: str, foreign: str) -> None:
    """No emptying, no configuration, no listing of keys or clients, nobody else's keys."""
    harmful = [*HARMFUL, f"SET {foreign} 1"]
    with redis.Redis.from_url(guarded.environs[process]["REDIS_URL"]) as client:
        allowed = [command for command in harmful if not refuses(client, command.split())]

    assert allowed == []


def test_each_process_calls_nobody_but_whom_it_was_told(guarded: Guarded) -> None:
    """Every address that Python connected to or looked up is one of the environment's, proxies left aside."""
    for process, environ in guarded.environs.items():
        told = {urlsplit(url).port for name, url in environ.items() if name.endswith("_URL")}
        lines = (guarded.watched / f"{process}.addresses").read_text().splitlines()
        ports = {int(found[2]) for line in lines if (found := re.search(r"\('([\d.]+)', '?(\d+)'?", line))}
        hosts = {found[1] for line in lines if (found := re.search(r"\('([^']+)', '?\d+'?", line))}

        assert ports, process
        assert ports <= told, (process, lines[:20])
        assert hosts == {"127.0.0.1"}, (process, hosts)


def test_no_secret_is_seen_anywhere(guarded: Guarded) -> None:
    """Not in logs at DEBUG, outputs, pages, rows, messages and keys of the broker, command lines."""
    places = {
        "logs": guarded.logs(),
        **guarded.outputs,
        **dict(guarded.pages()),
        **dict(guarded.stored()),
        **dict(guarded.command_lines()),
    }
    seen = [(place, secret) for place, text in places.items() for secret in guarded.secrets if secret in text]

    assert seen == []
    assert len(places) > 30
    assert all(places[name] for name in ("logs", "scan", "account", "worker metrics", "table chats"))
    assert "the exchange refused the request" in guarded.outputs["an exchange that quotes us"]


def test_the_search_would_find_a_secret(guarded: Guarded) -> None:
    """Each of them stands where it belongs in one of its spellings, and none is so short that it is found by chance."""
    environs = repr(guarded.environs) + repr(guarded.market.stack.env)
    absent = {secret for secret in guarded.secrets if secret not in environs}

    assert all(len(secret) >= 12 for secret in guarded.secrets)
    assert absent <= {
        WRONG,
        WORKER_PASSWORD,
        BOT_PASSWORD,
        quote(WORKER_PASSWORD, safe=""),
        quote(BOT_PASSWORD, safe=""),
    }
    assert len(guarded.secrets - absent) >= 7
