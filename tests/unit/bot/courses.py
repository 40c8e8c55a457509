"""Courses of a price to be drawn; a test states only what it is about."""

from datetime import datetime, timedelta
from random import Random
from typing import Any

from models.queries.charts import Course, Sold, Step
from tests.factories import NOW, TITLE

DAY = timedelta(days=1)


def a_course(span: timedelta = DAY, **values: Any) -> Course:
    """Ask 1000 and bid 900 since before it began, read two minutes ago, without sales."""
    defaults: dict[str, Any] = {
        "game": "csgo",
        "title": TITLE,
        "since": NOW - span,
        "until": NOW,
        "steps": (Step(NOW - span, 900, 1000),),
        "seen_at": NOW - timedelta(minutes=2),
        "gaps": (),
        "sales": (),
    }
    return Course(**(defaults | values))


def a_lively_course(span: timedelta, price: int = 6_200, seed: int = 1) -> Course:
    """A price that wanders, with an outage in its second half and two dozen sales."""
    rng = Random(seed)
    since = NOW - span
    gap = (since + span * 55 // 100, since + span * 64 // 100)
    ask, steps = price, list[Step]()
    for place in range(200):
        at = since + span * place // 200
        ask = max(price // 2, ask + rng.randint(-price // 60, price // 60))
        if not gap[0] < at < gap[1]:
            steps.append(Step(at, ask * 9 // 10 - rng.randint(0, price // 40), ask))
    sales = tuple(_sale(rng, since, span, price) for _ in range(24))
    return a_course(span, steps=tuple(steps), gaps=(gap,), sales=sales)


def _sale(rng: Random, since: datetime, span: timedelta, price: int) -> Sold:
    at = since + span * rng.randrange(100) // 100
    return Sold(at, price * rng.randint(85, 105) // 100, listed=rng.random() > 0.3)
