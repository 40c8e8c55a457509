"""`celery -A worker keys` as whole processes against real servers, with a search for secrets in all they say."""

import os
import pty
import select
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.keys import SEED
from models.database import Database
from sandbox.exchange.exchange import Exchange
from sandbox.exchange.options import Options
from sandbox.exchange.server import serve
from tests.integration.conftest import run_sql
from tests.integration.worker.processes import ROOT, celery
from tests.integration.worker.stored import BOTH, NEW, OLD, by_key, opened, pair, secrets_of, store
from tests.rows import rows

(GOOD, GOOD_SECRET), (UNKNOWN, UNKNOWN_SECRET) = pair(1), pair(2)
ENTRIES = (OLD[4:], NEW[4:])


@pytest.fixture
def market() -> Iterator[Exchange]:
    with serve(Options(titles={"rust": 200}, accounts=(GOOD,), latency_ms=0, tick_seconds=0)) as exchange:
        yield exchange


class Commands:
    """Runs commands; whatever they say is searched for secrets."""

    def __init__(self, environ: dict[str, str]) -> None:
        self.environ = environ

    def run(self, *words: str, typed: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-W", "error", *celery(*words)],
            cwd=ROOT,
            env={**self.environ, **variables},
            input=typed,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        said = (done.stdout + done.stderr).lower()
        assert "Traceback" not in done.stderr, done.stderr
        hidden = [GOOD_SECRET[:SEED], UNKNOWN_SECRET[:SEED], *map(str.lower, ENTRIES)]
        assert not [secret for secret in hidden if secret in said], words
        return done


@pytest.fixture
def commands(environ: dict[str, str], market: Exchange) -> Commands:
    """An installation without an account in its environment."""
    keyless = {name: value for name, value in environ.items() if not name.endswith("_KEY")}
    path = {"PATH": "/usr/bin:/bin", "LOGNAME": "operator", "LOG_LEVEL": "DEBUG"}
    return Commands({**keyless, **path, "DMARKET_API_URL": market.url, "ENCRYPTION_KEYS": OLD})


def audited(database: Database) -> list[tuple[object, ...]]:
    found = rows(database, "SELECT user_id, actor, action, subject FROM audit ORDER BY id")
    return [tuple(row) for row in found]


def test_a_key_pair_from_its_coming_to_its_end(commands: Commands, database: Database) -> None:
    """Added by stdin, listed, checked, set aside, used again, encrypted anew, removed; each change is audited."""
    added = commands.run("keys", "add", "main", "--public-key", GOOD, typed=f"{GOOD_SECRET}\n")
    stored = rows(database, "SELECT public_key, sealed FROM accounts")
    listed = commands.run("keys", "list")
    checked = commands.run("keys", "check")
    turned = [commands.run("keys", word, "main") for word in ("rest", "rest", "use")]
    rotated = commands.run("keys", "rotate", ENCRYPTION_KEYS=f"{NEW},{OLD}")
    after = commands.run("keys", "check", ENCRYPTION_KEYS=NEW)
    removed = [commands.run("keys", "remove", "main") for _ in range(2)]

    assert (added.returncode, added.stdout) == (0, f"main ({GOOD[:8]}) is stored, encrypted with key old\n")
    assert [(row.public_key, row.sealed.startswith("v1.old.")) for row in stored] == [(GOOD, True)]
    assert GOOD_SECRET[:SEED] not in repr(stored)
    assert all(word in listed.stdout for word in ("main", GOOD[:8], "in use", "old", "yes", "cli:operator"))
    assert "key old encrypts: 1 secret" in listed.stdout
    assert f"main ({GOOD[:8]}) is sandbox-{GOOD[:8]}, balance $10,000.00" in checked.stdout
    assert [done.returncode for done in turned] == [0, 1, 0]
    assert "1 secret encrypted anew, with key new" in rotated.stdout
    assert (rotated.returncode, checked.returncode, after.returncode) == (0, 0, 0)
    assert [done.returncode for done in removed] == [0, 1]
    assert "there is no account main" in removed[1].stderr
    actions = ("add_keys", "check_keys", "rest_keys", "use_keys", "rotate_keys", "check_keys", "remove_keys")
    assert [row[:3] for row in audited(database)] == [(0, "cli:operator", action) for action in actions]


def test_a_pair_that_the_exchange_does_not_take_is_not_stored(commands: Commands, database: Database) -> None:
    """Unless it is wanted unasked; then `keys check` names it with exit code 1."""
    refused = commands.run("keys", "add", "other", typed=UNKNOWN_SECRET)
    before = rows(database, "SELECT 1 FROM accounts")
    stored = commands.run("keys", "add", "other", "--unchecked", typed=UNKNOWN_SECRET)
    checked = commands.run("keys", "check")

    assert (refused.returncode, before) == (1, [])
    assert "did not take the key pair (the keys or this machine's clock are wrong)" in refused.stderr
    assert "nothing is stored" in refused.stderr
    assert stored.returncode == 0
    assert checked.returncode == 1
    assert f"other ({UNKNOWN[:8]}) cannot be used" in checked.stdout


def test_at_a_terminal_the_secret_is_asked_for_and_not_shown(commands: Commands, database: Database) -> None:
    """A prompt that gives no echo."""
    ours, theirs = pty.openpty()
    command = [sys.executable, *celery("keys", "add", "main")]
    with subprocess.Popen(command, cwd=ROOT, env=commands.environ, stdin=theirs, stdout=theirs, stderr=theirs) as child:
        os.close(theirs)
        said = _read_until(ours, b"Secret key: ")
        os.write(ours, GOOD_SECRET.encode() + b"\n")
        said += _read_until(ours, b"is stored, encrypted with key old")
    os.close(ours)

    assert child.returncode == 0
    assert GOOD_SECRET[:SEED].encode() not in said
    assert opened(database, BOTH) == {"main": GOOD_SECRET}


def _read_until(terminal: int, wanted: bytes) -> bytes:
    """What a process says up to what is wanted; it fails where that does not come within 30 s of silence."""
    said = b""
    while wanted not in said:
        assert select.select([terminal], [], [], 30)[0], said
        said += os.read(terminal, 4096)
    return said


@pytest.mark.parametrize(
    ("words", "typed", "ends"),
    [
        (("add", "main", GOOD_SECRET), "", (2, "give the name alone")),
        (("add", GOOD_SECRET), "", (2, "a name is 1 to 40")),
        (("add", "main"), "", (1, "nothing came")),
        (("add", "main"), GOOD_SECRET[:-2], (1, "must be 128 or 64 hex digits, not 126 characters")),
        (("add", "main"), "zz" * 64, (1, "must be 128 or 64 hex digits")),
        (("add", "main"), GOOD_SECRET[:SEED] + UNKNOWN, (1, "belongs to another public key")),
        (("add", "main", "--public-key", UNKNOWN), GOOD_SECRET[:SEED], (1, "belongs to another public key")),
        (("add", "main", "--encrypted"), GOOD_SECRET, (1, "the token for main cannot be used: it is no token")),
        (("remove", "main"), "", (1, "there is no account main")),
        (("use", "main"), "", (1, "there is no account main that is not in use")),
        (("generate", "a b"), "", (2, "the id must be 1 to 32")),
    ],
)
def test_what_is_wrong_is_one_sentence(
    commands: Commands, database: Database, words: tuple[str, ...], typed: str, ends: tuple[int, str]
) -> None:
    """It says what would be right and does not repeat what may be a secret; nothing is stored or audited."""
    done = commands.run("keys", *words, typed=typed)

    assert (done.returncode, done.stdout) == (ends[0], "")
    assert ends[1] in done.stderr
    assert rows(database, "SELECT 1 FROM accounts") == audited(database) == []


def test_a_name_or_a_public_key_is_stored_once(commands: Commands, database: Database) -> None:
    """The first one stays as it is."""
    store(database, 1)

    again = commands.run("keys", "add", "second", typed=GOOD_SECRET)
    same_name = commands.run("keys", "add", "account-00001", "--unchecked", typed=UNKNOWN_SECRET)

    assert [done.returncode for done in (again, same_name)] == [1, 1]
    assert "is stored already" in again.stderr
    assert "is stored already" in same_name.stderr
    assert opened(database, BOTH) == secrets_of(1)


def test_a_token_made_elsewhere_is_taken_for_its_name_alone(commands: Commands, database: Database) -> None:
    """`keys encrypt` needs no server; under another name its token does not open."""
    offline = {"DATABASE_URL": "", "CELERY_BROKER_URL": "", "ENCRYPTION_KEYS": f"{NEW},{OLD}"}
    token = commands.run("keys", "encrypt", "main", typed=GOOD_SECRET, **offline).stdout
    other = commands.run("keys", "add", "second", "--encrypted", typed=token, ENCRYPTION_KEYS=f"{OLD},{NEW}")
    added = commands.run("keys", "add", "main", "--encrypted", typed=token, ENCRYPTION_KEYS=f"{OLD},{NEW}")

    assert token.startswith("v1.new.")
    assert other.returncode == 1
    assert "another row's token" in other.stderr
    assert added.returncode == 0, added.stderr
    assert by_key(database) == {"old": 1}
    assert opened(database, BOTH) == {"main": GOOD_SECRET}


def test_a_lost_key_is_told_by_every_command(commands: Commands, database: Database) -> None:
    """`list` says which secrets cannot be decrypted, `check` and `rotate` end with 1, the secret stays."""
    store(database, 1)
    done = {word: commands.run("keys", word, ENCRYPTION_KEYS=NEW) for word in ("list", "check", "rotate")}

    assert {word: one.returncode for word, one in done.items()} == {"list": 0, "check": 1, "rotate": 1}
    assert "key old is missing in ENCRYPTION_KEYS: 1 secret cannot be decrypted" in done["list"].stdout
    assert "cannot be decrypted: ENCRYPTION_KEYS has no key old" in done["check"].stdout
    assert "account-00001 stays as it is: ENCRYPTION_KEYS has no key old" in done["rotate"].stdout
    assert opened(database, BOTH) == secrets_of(1)


def test_a_new_ring_key_is_made_without_any_setting() -> None:
    """On stdout the entry alone, so that it can go into a file; what to do with it on stderr."""
    command = [sys.executable, *celery("keys", "generate", "k7")]
    done = subprocess.run(command, cwd=ROOT, env={}, capture_output=True, text=True, timeout=60, check=False)

    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("k7:")
    assert len(done.stdout.strip()) == len("k7:") + 44
    assert "keys rotate" in done.stderr


def test_who_may_not_is_told_whose_url_is_needed(commands: Commands, database_url: str, database: Database) -> None:
    """A database user that may only read: one sentence, nothing is changed."""
    store(database, 1)
    run_sql(database_url, "DROP ROLE IF EXISTS looker")
    run_sql(database_url, "CREATE ROLE looker LOGIN PASSWORD 'a looker'; GRANT SELECT ON accounts TO looker")
    try:
        url = f"postgresql://looker:a%20looker@{database_url.rpartition('@')[2]}"
        done = commands.run("keys", "remove", "account-00001", DATABASE_URL=url)
    finally:
        run_sql(database_url, "DROP OWNED BY looker; DROP ROLE looker")

    assert done.returncode == 1
    assert "give the owner's DATABASE_URL" in done.stderr
    assert opened(database, BOTH) == secrets_of(1)
