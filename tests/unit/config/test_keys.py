"""Keys of several exchange accounts in two variables, pairs by position."""

from pathlib import Path

import pytest

from config.settings import Settings, load
from tests.unit.config.test_settings import FULL, PUBLIC, SECRET, problems_of

PUBLICS = (PUBLIC, "01" * 32, "02" * 32)
SECRETS = (SECRET, "03" * 32, "04" * 32 + PUBLICS[2])


def with_keys(public: str, secret: str) -> dict[str, str]:
    return {**FULL, "DMARKET_PUBLIC_KEY": public, "DMARKET_SECRET_KEY": secret}


def pairs_of(settings: Settings) -> list[tuple[str, str]]:
    return [(public, secret.get_secret_value()) for public, secret in settings.key_pairs()]


def test_one_pair_is_one_account() -> None:
    """As ever."""
    assert pairs_of(load(FULL, "worker")) == [(PUBLIC, SECRET)]


@pytest.mark.parametrize("between", [",", ", ", "\n", "\r\n", ",\n", " ,\n\n"])
def test_pairs_belong_together_by_position(between: str) -> None:
    """Commas or line ends, with or without spaces, in any case of letters."""
    settings = load(with_keys(between.join(PUBLICS).upper(), between.join(SECRETS)), "worker")

    assert pairs_of(settings) == list(zip(PUBLICS, SECRETS, strict=True))


def test_keys_of_several_accounts_may_be_files(tmp_path: Path) -> None:
    """One key a line."""
    files = {"DMARKET_PUBLIC_KEY": PUBLICS, "DMARKET_SECRET_KEY": SECRETS}
    for name, keys in files.items():
        (tmp_path / name).write_text("\n".join(keys) + "\n")
    environ = {name: value for name, value in FULL.items() if name not in files}

    settings = load({**environ, **{f"{name}_FILE": str(tmp_path / name) for name in files}}, "worker")

    assert pairs_of(settings) == list(zip(PUBLICS, SECRETS, strict=True))


def test_a_process_without_keys_has_no_account() -> None:
    """A public key alone is none either."""
    assert Settings().key_pairs() == []
    assert Settings(dmarket_public_key=PUBLIC).key_pairs() == []


@pytest.mark.parametrize(
    ("public", "secret", "problem"),
    [
        (
            f"{PUBLICS[0]},12,{PUBLICS[2]}",
            ",".join(SECRETS),
            "DMARKET_PUBLIC_KEY: key 2 of 3 must be 64 hexadecimal digits, as DMarket shows it",
        ),
        (
            ",".join(PUBLICS),
            f"{SECRETS[0]},{SECRETS[1]},{'z' * 64}",
            "DMARKET_SECRET_KEY: key 3 of 3 must be 64 or 128 hexadecimal digits, as DMarket shows it",
        ),
        (
            f"{PUBLICS[0]},{PUBLICS[1]},{PUBLICS[0].upper()}",
            ",".join(SECRETS),
            "DMARKET_PUBLIC_KEY: key 3 of 3 is the same as key 1: give each account once",
        ),
        (
            ",".join(PUBLICS),
            ",".join(SECRETS[:2]),
            (
                "DMARKET_SECRET_KEY and DMARKET_PUBLIC_KEY hold 2 and 3 keys: "
                "give both keys of each pair, in the same order"
            ),
        ),
        (
            f"{PUBLICS[0]},{PUBLICS[1]}",
            f"{SECRETS[0]},{SECRETS[2]}",
            "DMARKET_SECRET_KEY: key 2 of 2 does not belong to DMARKET_PUBLIC_KEY: give both of one key pair",
        ),
        (
            ",",
            SECRET,
            "DMARKET_PUBLIC_KEY: must be 64 hexadecimal digits, as DMarket shows it",
        ),
    ],
    ids=["public", "secret", "twice", "count", "mixed up", "none"],
)
def test_a_wrong_key_is_named_by_its_place(public: str, secret: str, problem: str) -> None:
    """One sentence, with what would be right and without the key."""
    assert problems_of(with_keys(public, secret)) == [problem]
    assert not any(key in problem for key in (*PUBLICS, *SECRETS))
