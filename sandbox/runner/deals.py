"""In a simulated market somebody has to offer things too cheaply; this does it every few seconds."""

import itertools
import threading
from dataclasses import dataclass, field

from domain.games import GAMES
from domain.levels import LEVELS
from sandbox.runner.chat import post

EVERY = 8.0  # seconds
KINDS = ("instant", "patient")


@dataclass(slots=True)
class Dealer:
    """Plants one deal after another at the sandbox exchange, through all games, levels and kinds, until stopped."""

    url: str
    stopped: threading.Event = field(default_factory=threading.Event)

    def start(self) -> None:
        threading.Thread(target=self._deal, name="dealer", daemon=True).start()

    def _deal(self) -> None:
        turns = zip(itertools.cycle(GAMES), itertools.cycle(KINDS + KINDS[::-1]), itertools.cycle(LEVELS), strict=False)
        for game, kind, level in turns:
            if self.stopped.wait(EVERY):
                return
            try:
                post(f"{self.url}/_sandbox/plant", {"game": game, "kind": kind, "level": level})
            except OSError:  # the exchange ends before the dealer does
                return
