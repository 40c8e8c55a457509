"""A seed's faults: what happens to which part when, for how long and how strongly. Pure: one seed, one plan."""

from dataclasses import dataclass
from enum import StrEnum
from random import Random
from typing import TypeAlias

Seconds: TypeAlias = float


class Part(StrEnum):
    """What a fault keeps busy: no two faults have the same part at once."""

    WORKER = "worker"
    SECOND = "worker 2"
    BEAT = "beat"
    BOT = "bot"
    BROKER = "broker"
    POSTGRES = "postgres"
    EXCHANGE = "exchange"
    TELEGRAM = "telegram"
    MESSAGES = "messages"


class Kind(StrEnum):
    KILL = "kill -9"  # the supervisor starts it again
    FREEZE = "SIGSTOP, then SIGCONT"
    CLOCK = "its clock is stepped, then set right"
    STOP = "stopped in order, started again"
    CRASH = "one backend killed: crash recovery"
    CUT = "every connection terminated"
    FULL = "no space left on its disk"
    SILENT = "connections hang"
    REFUSED = "connections reset and refused"
    ERRORS = "answers 5xx"
    SLOW = "answers late"
    GARBAGE = "answers cut off"
    EMPTY = "answers emptied"
    SCHEMA = "answers renamed"
    RETYPED = "answers typed differently"
    BLIND = "one endpoint answers 5xx"
    STORM = "answers 429"
    SWALLOW = "takes messages and does not answer"
    FORBIDS = "one chat blocks the bot"
    TWIN = "a second one beside it"
    DOUBLED = "sent twice"
    LATE = "sent for runs long ended"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How long a fault of this kind lasts (seconds, from/to) and how strong it is (`size`, from/to, any sign)."""

    kind: Kind
    part: Part
    least: Seconds
    most: Seconds
    sizes: tuple[int, int] = (0, 0)


STEPS = (5, 40)  # seconds a clock is stepped by, forwards or backwards
DECK = (
    Recipe(Kind.KILL, Part.WORKER, 0.5, 2),
    Recipe(Kind.KILL, Part.SECOND, 0.5, 2),
    Recipe(Kind.KILL, Part.BEAT, 0.5, 2),
    Recipe(Kind.KILL, Part.BOT, 0.5, 2),
    Recipe(Kind.KILL, Part.BROKER, 0.5, 3),
    Recipe(Kind.KILL, Part.POSTGRES, 0.5, 3),
    Recipe(Kind.FREEZE, Part.WORKER, 2, 6),
    Recipe(Kind.FREEZE, Part.BEAT, 2, 6),
    Recipe(Kind.FREEZE, Part.BOT, 2, 6),
    Recipe(Kind.FREEZE, Part.BROKER, 2, 6),
    Recipe(Kind.FREEZE, Part.POSTGRES, 2, 6),
    Recipe(Kind.CLOCK, Part.WORKER, 3, 8, STEPS),
    Recipe(Kind.CLOCK, Part.BOT, 3, 8, STEPS),
    Recipe(Kind.CLOCK, Part.BROKER, 3, 8, STEPS),
    Recipe(Kind.STOP, Part.POSTGRES, 0.5, 3),
    Recipe(Kind.CRASH, Part.POSTGRES, 0, 0),
    Recipe(Kind.CUT, Part.POSTGRES, 0, 0),
    Recipe(Kind.FULL, Part.BROKER, 3, 8),
    Recipe(Kind.SILENT, Part.EXCHANGE, 2, 8),
    Recipe(Kind.REFUSED, Part.EXCHANGE, 2, 8),
    Recipe(Kind.ERRORS, Part.EXCHANGE, 3, 8),
    Recipe(Kind.SLOW, Part.EXCHANGE, 3, 8, (300, 2500)),
    Recipe(Kind.GARBAGE, Part.EXCHANGE, 3, 8),
    Recipe(Kind.EMPTY, Part.EXCHANGE, 3, 8),
    Recipe(Kind.SCHEMA, Part.EXCHANGE, 3, 8),
    Recipe(Kind.RETYPED, Part.EXCHANGE, 3, 8),
    Recipe(Kind.BLIND, Part.EXCHANGE, 20, 40),
    Recipe(Kind.STORM, Part.EXCHANGE, 2, 5),
    Recipe(Kind.SILENT, Part.TELEGRAM, 2, 8),
    Recipe(Kind.REFUSED, Part.TELEGRAM, 2, 8),
    Recipe(Kind.ERRORS, Part.TELEGRAM, 3, 8),
    Recipe(Kind.STORM, Part.TELEGRAM, 2, 6, (1, 3)),
    Recipe(Kind.SWALLOW, Part.TELEGRAM, 3, 8, (1, 3)),
    Recipe(Kind.FORBIDS, Part.TELEGRAM, 2, 5),
    Recipe(Kind.TWIN, Part.BEAT, 5, 10),
    Recipe(Kind.DOUBLED, Part.MESSAGES, 2, 6, (2, 6)),
    Recipe(Kind.LATE, Part.MESSAGES, 2, 6, (2, 6)),
)

GAP = (0.3, 2.5)  # seconds between two beginnings
STORMY, BREATH = 75.0, 75.0  # a long run rests so long after each stormy stretch, to be seen healthy


@dataclass(frozen=True, slots=True)
class Fault:
    """`at` and `seconds` count from the run's first fault; `size` is what the kind says: a step, a delay, a number."""

    at: Seconds
    seconds: Seconds
    kind: Kind
    part: Part
    size: int

    def __str__(self) -> str:
        size = f" ({self.size:+d})" if self.size else ""
        return f"{self.at:6.1f} s  for {self.seconds:4.1f} s  {self.part}: {self.kind}{size}"


def plan(seed: int, seconds: Seconds) -> list[Fault]:
    """A seed's faults, all over within `seconds`: every kind once before any comes twice, in an order of its own."""
    rng = Random(f"faults:{seed}")
    rests = seconds > STORMY + BREATH
    faults: list[Fault] = []
    busy: dict[Part, Seconds] = {}
    hand: list[Recipe] = []
    at = 0.0
    while at < seconds:
        hand = hand or rng.sample(DECK, len(DECK))
        left = min(seconds - at, STORMY - at % (STORMY + BREATH)) if rests else seconds - at
        recipe = next((one for one in hand if busy.get(one.part, 0.0) <= at and one.most <= left), None)
        if recipe is not None:
            hand.remove(recipe)
            faults.append(_fault(rng, recipe, at))
            busy[recipe.part] = at + faults[-1].seconds + GAP[0]
        at = _next(rng, at, rests=rests)
    return faults


def _next(rng: Random, at: Seconds, *, rests: bool) -> Seconds:
    at += rng.uniform(*GAP)
    rounds, within = divmod(at, STORMY + BREATH)
    return (rounds + 1) * (STORMY + BREATH) if rests and within > STORMY else at


def text(seed: int, faults: list[Fault]) -> str:
    return "\n".join([f"seed {seed}: {len(faults)} faults", *map(str, faults)])


def _fault(rng: Random, recipe: Recipe, at: Seconds) -> Fault:
    size = rng.randint(*recipe.sizes)
    if recipe.kind is Kind.CLOCK and rng.randrange(2):
        size = -size
    return Fault(round(at, 1), round(rng.uniform(recipe.least, recipe.most), 1), recipe.kind, recipe.part, size)
