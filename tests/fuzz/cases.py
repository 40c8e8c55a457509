"""One case of the fuzzer: drawn from (seed, number) alone, so that any of them can be replayed and made smaller."""

import copy
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from dmarket.errors import ExchangeError
from tests.fuzz.answers import Sample, ask, samples
from tests.fuzz.mutations import BYTE_STEPS, TREE_STEPS, places, written
from tests.fuzz.oracles import ORACLES
from tests.fuzz.reading import parse

LONGEST = 1500  # characters of an error


@dataclass(frozen=True)
class Case:
    """A damaged answer and the question it answers."""

    sample: Sample
    body: bytes

    @property
    def last(self) -> bytes:
        """What a further page answers: the sample's own last page."""
        return json.dumps(self.sample.document).encode()


def draw(seed: int, number: int) -> Case:
    """The case of that number: one to three damages to one of the samples."""
    rng = Random(f"{seed}:{number}")
    sample = rng.choice(samples())
    root = copy.deepcopy(sample.document)
    for _ in range(rng.choice((1, 1, 2, 3))):
        rng.choice(TREE_STEPS)(rng, root)
    body = written(rng, root)
    if rng.random() < 0.25:
        body = rng.choice(BYTE_STEPS)(rng, body)
    return Case(sample, body)


def complaint(case: Case) -> str:
    """What is wrong with what the client makes of a case, "" where nothing is. A typed error is right, always."""
    try:
        found = ask(case.sample.kind, case.sample.titles, (case.body, case.last))
    except ExchangeError as error:
        return _speaks(error)
    except Exception as error:  # noqa: BLE001  # any other error is what the fuzzer looks for
        return f"{type(error).__name__}: {ascii(str(error))[:200]}"
    documents = [parse(case.body), parse(case.last)]
    return "; ".join(ORACLES[case.sample.kind](documents, case.sample.titles, found))[:2000]


def _speaks(error: ExchangeError) -> str:
    """Whether an error can be logged: printable text that every stream can write, of a bounded length."""
    said = str(error)
    encodes = said.encode("utf-8", "ignore").decode() == said and said.isprintable()
    return "" if encodes and len(said) < LONGEST else f"an error that no log can hold: {ascii(said)[:200]}"


def smallest(case: Case) -> Case:
    """The case with everything taken away that its complaint can do without."""
    kind = complaint(case).split(":")[0][:40]

    def fails(body: bytes) -> bool:
        return complaint(Case(case.sample, body)).split(":")[0][:40] == kind

    body = case.body
    try:
        root = json.loads(body)
    except (ValueError, RecursionError):
        return Case(case.sample, _fewer_bytes(body, fails))
    return Case(case.sample, _fewer_places(root, body, fails))


def _fewer_places(root: Any, body: bytes, fails: Callable[[bytes], bool]) -> bytes:
    going = True
    while going:
        going = False
        for number in reversed(range(len(list(places(root))))):
            smaller = copy.deepcopy(root)
            found: Sequence[tuple[Any, Any]] = list(places(smaller))
            if number >= len(found):
                continue
            container, key = found[number]
            del container[key]
            shorter = json.dumps(smaller).encode()
            if len(shorter) < len(body) and fails(shorter):
                root, body, going = smaller, shorter, True
    return body


def _fewer_bytes(body: bytes, fails: Callable[[bytes], bool]) -> bytes:
    size = len(body) // 2
    while size:
        start = 0
        while start < len(body):
            shorter = body[:start] + body[start + size :]
            body, start = (shorter, start) if fails(shorter) else (body, start + size)
        size //= 2
    return body
