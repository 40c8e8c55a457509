"""The environment: what cannot be used, what nobody reads, and the configuration that is in force."""

from collections.abc import Iterable, Iterator, Mapping

from pydantic import SecretStr

from config.settings import NAMES, PREFIX, Settings
from config.unknown import unknown
from domain.games import GAMES
from telemetry.logs import HIDDEN, Redaction, secrets_of
from worker.doctor.finding import Finding


def environment(problems: Iterable[str], environ: Mapping[str, str]) -> Iterator[Finding]:
    """`problems` are the sentences of config.survey."""
    wrong = list(problems)
    for problem in wrong:
        told, _, remedy = problem.partition(": ")
        name, _, rest = told.partition(" ")
        yield Finding(name, rest or "cannot be used", remedy or "correct it")
    typos = unknown(environ)
    for typo in typos:
        told, _, remedy = typo.partition(": ")
        yield Finding("environment", told, remedy)
    if not wrong and not typos:
        yield Finding("environment", "every variable can be used, none is unknown")


def configuration(settings: Settings, environ: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Each variable with its value in force, secrets hidden, and where that comes from."""
    clean = Redaction(secrets_of(settings))
    for name, field in NAMES.items():
        yield name, _shown(getattr(settings, field), clean), _source(name, environ)
    for game in GAMES:
        name, interval = PREFIX + game.upper(), settings.scan_interval(game)
        yield name, str(int(interval.total_seconds())) if interval else "0", _source(name, environ)


def _shown(value: object, clean: Redaction) -> str:
    if isinstance(value, SecretStr):
        return HIDDEN if value.get_secret_value() else "(not set)"
    if isinstance(value, frozenset):
        return ",".join(map(str, sorted(value))) or "(not set)"
    return clean.clean(str(value)) or "(not set)"


def _source(name: str, environ: Mapping[str, str]) -> str:
    if environ.get(f"{name}_FILE", "").strip():
        return f"{name}_FILE"
    if environ.get(name, "").strip():
        return "environment"
    return "CELERY_BROKER_URL" if name == "REDIS_URL" and environ.get("CELERY_BROKER_URL") else "default"
