"""What a process told on /metrics, taken apart."""

from collections.abc import Iterator

from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample


def samples(body: str) -> list[Sample]:
    """Every sample of an answer."""
    return [sample for family in text_string_to_metric_families(body) for sample in family.samples]


def values(body: str, name: str, **labels: str) -> Iterator[float]:
    """The values of a metric's samples that have at least these labels."""
    for sample in samples(body):
        if sample.name == name and labels.items() <= sample.labels.items():
            yield sample.value


def total(body: str, name: str, **labels: str) -> float:
    return sum(values(body, name, **labels))
