from domain.games import GAMES


def test_the_games_are_those_of_the_exchange() -> None:
    """Public keys and the exchange's ids as docs/exchange-api.md lists them."""
    ids = {key: game.exchange_id for key, game in GAMES.items()}

    assert ids == {"csgo": "a8db", "dota2": "9a92", "tf2": "tf2", "rust": "rust"}
    assert [game.label for game in GAMES.values()] == ["CS2", "Dota 2", "TF2", "Rust"]


def test_every_game_is_scanned_and_assumes_no_small_fee() -> None:
    """An interval above zero, and 10 % while the fee list is unknown."""
    assert all(game.key == key for key, game in GAMES.items())
    assert all(game.scan_interval > 0 for game in GAMES.values())
    assert all(game.default_fee_bps == 1000 for game in GAMES.values())
