"""The games Skinbeat watches: the only place where one is added or changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Game:
    """One game on the exchange.

    `default_fee_bps` is the conservative selling fee in basis points that is used while the
    exchange's own fee list is unknown (docs/exchange-api.md, Fee list: at most 10 %).
    `scan_interval` is in seconds.
    """

    key: str
    exchange_id: str
    label: str
    scan_interval: int
    default_fee_bps: int = 1000


CSGO = Game(key="csgo", exchange_id="a8db", label="CS2", scan_interval=30)
DOTA2 = Game(key="dota2", exchange_id="9a92", label="Dota 2", scan_interval=60)
TF2 = Game(key="tf2", exchange_id="tf2", label="TF2", scan_interval=60)
RUST = Game(key="rust", exchange_id="rust", label="Rust", scan_interval=60)

GAMES: dict[str, Game] = {game.key: game for game in (CSGO, DOTA2, TF2, RUST)}
