"""The command line says what it wants."""

import pytest

from sandbox.exchange.options import DEFAULT_TITLES, Options, parse_options

KEY = "03a107bff3ce10be1d70dd18e74bc09967e4d6309ba50d5f1ddc8664125531b8"


def test_nothing_given_is_the_documented_default() -> None:
    """The same as `Options()` in a test."""
    assert Options() == parse_options([])
    assert parse_options([]).titles == DEFAULT_TITLES


def test_everything_can_be_given() -> None:
    """Accounts more than once and in any case."""
    line = f"--port 8080 --seed 3 --titles csgo=300,rust=200 --account {KEY.upper()} --account {KEY} --latency-ms 0"

    options = parse_options([*line.split(), "--tick-seconds", "0", "--planted-per-game", "6", "--skewed"])

    assert (
        options.port,
        options.seed,
        options.latency_ms,
        options.tick_seconds,
        options.planted_per_game,
    ) == (8080, 3, 0, 0, 6)
    assert options.titles == {"csgo": 300, "dota2": 0, "tf2": 0, "rust": 200}
    assert options.accounts == (KEY, KEY)
    assert options.skewed


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--titles", "cs2=300"], "is not game=count with a game of csgo, dota2, tf2, rust"),
        (["--titles", "csgo=many"], "is not game=count"),
        (["--titles", "csgo=10"], "csgo needs 0 or at least 200 titles, not 10"),
        (["--account", "abc"], "is not a public key of 64 hex digits"),
        (["--planted-per-game", "5"], "'5' is not a whole number from 6 on"),
        (["--latency-ms", "-1"], "'-1' is not a whole number from 0 on"),
    ],
)
def test_a_wrong_word_is_named(arguments: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    """With the form that would be right."""
    with pytest.raises(SystemExit):
        parse_options(arguments)

    assert message in capsys.readouterr().err
