"""Sealing secrets: what opens, what never does, and how a ring is written down."""

import base64
from pathlib import Path

import pytest

from config.ring import Place, Ring, SealError, generate, key_of, ring_in, written_keys
from config.settings import Settings, SettingsError, load

HERE = Place("accounts", "main", "sealed")
SECRET = "11" * 64
OLD, NEW = "old:" + base64.b64encode(bytes(range(32))).decode(), "new:" + base64.b64encode(bytes(range(1, 33))).decode()
WITH_OTHER_KEY = "old:" + base64.b64encode(bytes(range(2, 34))).decode()
MADE = "`celery -A worker keys generate` makes one"


def refusal(ring: Ring, token: str, place: Place = HERE) -> str:
    with pytest.raises(SealError) as caught:
        ring.open(token, place)
    assert SECRET not in str(caught.value)
    assert len(token) < 20 or token not in str(caught.value)  # "v1" may well stand in a sentence
    return str(caught.value)


def test_what_is_sealed_opens_and_never_looks_the_same() -> None:
    """The token names its key and hides its secret; each is random."""
    ring = ring_in(OLD)

    tokens = [ring.seal(SECRET, HERE) for _ in range(50)]

    assert {ring.open(token, HERE) for token in tokens} == {SECRET}
    assert len(set(tokens)) == 50
    assert {key_of(token) for token in tokens} == {"old"}
    assert not any(SECRET in token for token in tokens)


def test_the_first_key_seals_and_each_opens() -> None:
    """A new key is put in front; what the old one sealed opens until it is taken out."""
    before = ring_in(OLD).seal(SECRET, HERE)
    both, after = ring_in(f"{NEW},{OLD}"), ring_in(NEW)

    renewed = both.seal(SECRET, HERE)

    assert key_of(renewed) == "new"
    assert both.open(before, HERE) == both.open(renewed, HERE) == after.open(renewed, HERE) == SECRET
    assert refusal(after, before) == "ENCRYPTION_KEYS has no key old"


def test_the_order_alone_decides_who_seals() -> None:
    """The same two keys the other way round: a host with the former order writes with the former key."""
    assert key_of(ring_in(f"{OLD},{NEW}").seal(SECRET, HERE)) == "old"
    assert ring_in(f"{NEW},{OLD}").first == "new"


def test_another_key_of_the_same_id_opens_nothing() -> None:
    """It is said as one of what it may be: nobody can tell them apart."""
    token = ring_in(OLD).seal(SECRET, HERE)

    assert "it does not open with key old" in refusal(ring_in(WITH_OTHER_KEY), token)


@pytest.mark.parametrize(
    "place",
    [
        Place("accounts", "other", "sealed"),
        Place("accounts", "main", "public_key"),
        Place("others", "main", "sealed"),
        Place("accountsmain", "", "sealed"),
        Place('accounts", "main', "sealed", ""),
    ],
)
def test_a_token_opens_in_its_own_place_alone(place: Place) -> None:
    """Swapped rows, another column, another table, and names that read the same when put together."""
    ring = ring_in(OLD)

    assert "another row's token" in refusal(ring, ring.seal(SECRET, HERE), place)


def test_a_token_that_is_cut_anywhere_never_opens() -> None:
    """Each length, from nothing to one character less."""
    ring = ring_in(OLD)
    token = ring.seal("short secret", HERE)

    assert all(refusal(ring, token[:length]) for length in range(len(token)))


def test_a_token_with_one_bit_changed_never_opens() -> None:
    """Nonce, text and tag are all authenticated."""
    ring = ring_in(OLD)
    head, text = ring.seal("short secret", HERE).rsplit(".", 1)
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

    for bit in range(8 * len(raw)):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        assert refusal(ring, f"{head}.{base64.urlsafe_b64encode(changed).decode()}")


def test_a_token_with_another_keys_id_does_not_open() -> None:
    """The id is authenticated with the rest."""
    ring = ring_in(f"{OLD},{NEW}")
    token = ring.seal(SECRET, HERE)

    assert "key new" in refusal(ring, token.replace("v1.old.", "v1.new."))
    assert refusal(ring, token.replace("v1.", "v2.")).startswith("it is no token")


@pytest.mark.parametrize("text", ["", "v1", "v1..", "v1.old", "v1.o d.AAAA", SECRET, "v1.old.A.A"])
def test_what_is_no_token_is_said_to_be_none(text: str) -> None:
    """A secret that was stored unencrypted, for one; it is not quoted."""
    with pytest.raises(SealError, match="it is no token"):
        ring_in(OLD).open(text, HERE)


@pytest.mark.parametrize("text", ["v1.old.AAAA", "v1.old.", "v1.old.A", "v1.old.ä", "v1.old.=", "v1.old.AA AA"])
def test_a_damaged_token_is_said_to_be_damaged(text: str) -> None:
    """Too short or not base64."""
    assert "cut short" in refusal(ring_in(OLD), text) or "damaged" in refusal(ring_in(OLD), text)


def test_a_ring_is_written_on_lines_or_with_commas() -> None:
    """In a file each key may have its line; both alphabets of base64 are read."""
    urlsafe = "x-1:" + base64.urlsafe_b64encode(b"\xff" * 32).decode()

    ring = ring_in(f"\n{NEW}\r\n{OLD},\n {urlsafe} ")

    assert list(ring.keys) == ["new", "old", "x-1"]
    assert ring.keys["x-1"] == b"\xff" * 32
    assert written_keys(f"{NEW},\n{OLD}") == [NEW[4:], OLD[4:]]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("secret", f"entry 1 of 1 must be ID:KEY, the id 1 to 32 of A-Z a-z 0-9 _ - ({MADE})"),
        (f"{OLD},:{NEW[4:]}", f"entry 2 of 2 must be ID:KEY, the id 1 to 32 of A-Z a-z 0-9 _ - ({MADE})"),
        (f"a.b:{NEW[4:]}", f"entry 1 of 1 must be ID:KEY, the id 1 to 32 of A-Z a-z 0-9 _ - ({MADE})"),
        ("k1:abc", f"entry 1 of 1: its key must be 32 bytes in base64, 44 characters ({MADE})"),
        (f"{OLD[:-4]}=", f"entry 1 of 1: its key must be 32 bytes in base64, 44 characters ({MADE})"),
        (f"k1:{'g' * 42}é=", f"entry 1 of 1: its key must be 32 bytes in base64, 44 characters ({MADE})"),
        (f"{OLD},{WITH_OTHER_KEY}", "entry 2 of 2 has the id of another entry: give each key an id of its own"),
        (f"{OLD},two:{OLD[4:]}", f"entry 2 of 2 has the key of another entry: a new id needs a new key ({MADE})"),
    ],
)
def test_a_wrong_ring_is_one_sentence_that_quotes_nothing(text: str, sentence: str) -> None:
    """The settings say it with the variable's name."""
    with pytest.raises(SettingsError) as caught:
        load({"ENCRYPTION_KEYS": text}, "encrypt")

    assert caught.value.problems == [f"ENCRYPTION_KEYS: {sentence}"]


def test_a_generated_key_makes_a_ring() -> None:
    """Each is new; an id that cannot be one is refused."""
    entries = [generate("k1") for _ in range(10)]

    assert len({ring_in(entry).keys["k1"] for entry in entries}) == 10
    with pytest.raises(ValueError, match="the id must be"):
        generate("k 1")


def test_a_ring_shows_no_key() -> None:
    """Neither its own text nor that of the settings; an empty one cannot seal."""
    settings = Settings.model_validate({"encryption_keys": OLD})

    shown = f"{settings} {settings!r} {settings.ring()!r} {settings.ring()}"

    assert OLD[4:] not in shown
    assert repr(bytes(range(32))) not in shown
    with pytest.raises(LookupError):
        _ = Settings().ring().first


def test_the_ring_may_stand_in_a_file(tmp_path: Path) -> None:
    """As every setting."""
    file = tmp_path / "ring"
    file.write_text(f"{NEW}\n{OLD}\n")

    assert list(load({"ENCRYPTION_KEYS_FILE": str(file)}, "encrypt").ring().keys) == ["new", "old"]


def test_a_worker_with_a_ring_needs_no_keys_of_its_own() -> None:
    """The accounts are in the database then; half a pair is still a mistake."""
    servers = {"DATABASE_URL": "postgresql://x@h/d", "CELERY_BROKER_URL": "redis://h/0"}

    assert load({**servers, "ENCRYPTION_KEYS": OLD}, "worker").key_pairs() == []
    with pytest.raises(SettingsError, match="DMARKET_SECRET_KEY is not set"):
        load({**servers, "ENCRYPTION_KEYS": OLD, "DMARKET_PUBLIC_KEY": "ab" * 32}, "worker")
    with pytest.raises(SettingsError, match="DMARKET_PUBLIC_KEY is not set"):
        load(servers, "worker")
