"""Metrics that one process reads for all, from the database and the broker; told while fresh, else not at all."""

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import REGISTRY, Collector, CollectorRegistry

FRESH_SECONDS = 40.0  # two rounds of worker/exporter.py and a bit; an older value would be taken for today's


@dataclass(frozen=True, slots=True)
class Reading:
    """A gauge without a value of its own; every one has at least one sample, or none at all, for each round."""

    name: str
    meaning: str
    labels: tuple[str, ...] = ()


Value = tuple[tuple[str, ...], float]  # the labels' values in the order of the reading's, and the number
Round = Mapping[Reading, Sequence[Value]]


class Readings(Collector):
    """What the last rounds brought, by where they come from: a source that fails takes nothing else with it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._rounds: dict[str, tuple[float, Round]] = {}

    def replace(self, source: str, read: Round) -> None:
        """All of this source's values; those of its former round are gone."""
        with self._lock:
            self._rounds[source] = (time.monotonic(), read)

    def forget(self, source: str) -> None:
        """No value is better than an old one."""
        with self._lock:
            self._rounds.pop(source, None)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """What Prometheus is told."""
        with self._lock:
            fresh = [read for at, read in self._rounds.values() if time.monotonic() - at < FRESH_SECONDS]
        for read in fresh:
            for reading, values in read.items():
                family = GaugeMetricFamily(reading.name, reading.meaning, labels=reading.labels)
                for labels, value in values:
                    family.add_metric(labels, value)
                yield family

    def describe(self) -> list[GaugeMetricFamily]:
        """Nothing: what there is depends on the round."""
        return []

    def register(self, registry: CollectorRegistry = REGISTRY) -> None:
        """Be told with the other metrics of `registry`."""
        registry.register(self)


readings = Readings()  # those of this process, as the other metrics are
readings.register()
