"""What each Celery process does when it starts: logs, services, the HTTP server."""

import os
import signal
import sys
import warnings
from datetime import UTC, datetime
from types import FrameType
from typing import Any, cast

from celery.beat import Service
from celery.exceptions import SecurityWarning
from celery.signals import (
    beat_init,
    celeryd_init,
    setup_logging,
    worker_init,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutdown,
)

from config.settings import SettingsError
from config.unknown import unknown
from tasks.services import services
from telemetry import http, logs, traces
from telemetry.conditions import conditions
from worker import checks
from worker.application import BAD_CONFIGURATION, app, command_of, settings
from worker.draining import DrainStep, end_when_told
from worker.http_step import HttpStep
from worker.reporter import BEAT, Reporter
from worker.scheduler import PromptScheduler
from worker.turn import turn_at

log = logs.logger(__name__)

app.steps["worker"].add(HttpStep)
app.steps["worker"].add(DrainStep)


@setup_logging.connect
def set_up_logs(**_kwargs: Any) -> None:
    """Ours instead of Celery's: one format, secrets removed."""
    logs.setup(settings(), command_of(sys.argv[1:]))
    for sentence in unknown(os.environ):
        log.warning("unknown variable", reason=sentence)
    try:
        traces.begin(settings(), os.environ, command_of(sys.argv[1:]))
    except SettingsError as error:
        print(error, file=sys.stderr)  # noqa: T201  # as for all other settings
        sys.exit(BAD_CONFIGURATION)


@celeryd_init.connect
def allow_root(conf: Any, **_kwargs: Any) -> None:
    """Celery warns at length of running as root, a container's default: pickled messages run code. JSON does not."""
    if set(conf.accept_content) == {"json"}:
        warnings.filterwarnings("ignore", category=SecurityWarning)


@worker_init.connect
def work_alone(sender: Any, **_kwargs: Any) -> None:
    """Workers share nothing but the database and the rate budget, so they need no talk with one another.

    Without it they start a second sooner and do not stumble (an error with a traceback) over a lost broker.
    """
    sender.options.update(without_gossip=True, without_mingle=True)


@worker_process_init.connect
def end_child_when_told(**_kwargs: Any) -> None:
    """The first that a forked child does: threads that it starts later must leave SIGTERM alone as well."""
    end_when_told()


@worker_init.connect
@worker_process_init.connect
def set_up_services(**_kwargs: Any) -> None:
    services.configure(settings())


@worker_process_init.connect
def report_from_child(**_kwargs: Any) -> None:
    """With forked children they see how the exchange is; their parent looks at everything else."""
    Reporter(conditions, {}, services()).start()


@worker_shutdown.connect
@worker_process_shutdown.connect
def finish_traces(**_kwargs: Any) -> None:
    """The last spans, of the worker or of a forked child; one that is ended by force takes them with it."""
    traces.finish()


@worker_ready.connect
def look_at_database(**_kwargs: Any) -> None:
    """Tell who starts the first worker what is missing before tasks do."""
    trouble = checks.database()
    if trouble:
        log.warning("not ready, the work waits", reason=trouble)


@beat_init.connect
def set_up_beat(sender: Service, **_kwargs: Any) -> None:
    """Serve, and end on the first SIGTERM or SIGINT.

    Celery's own handler only raises SystemExit; one that arrives while a message is sent can be lost in the
    clean-up of the connection, and beat would go on.
    """

    def end(_number: int, _frame: FrameType | None) -> None:
        sender.stop()
        raise SystemExit

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, end)
    scheduler = cast(PromptScheduler, sender.scheduler)
    scheduler.turn = turn_at(settings().redis_url)
    ready = {"broker": checks.broker, "schedule": lambda: scheduler.late(datetime.now(UTC))}
    http.serve(settings().http_host, settings().http_port, ready, {"turn": scheduler.waits})
    Reporter(conditions, BEAT).start()
