"""What all tasks share: how failures end, how long a task may take, how the next one is rung for."""

import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from celery import Task, current_app
from kombu.exceptions import BatchPublishError  # type: ignore[attr-defined]  # newer than its stubs
from kombu.exceptions import OperationalError as BrokerError
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from dmarket.endpoints import Endpoint
from dmarket.errors import BudgetExhausted, ExchangeError, Malformed
from tasks.arguments import refusal
from tasks.conditions import note_senseless
from tasks.measured import SENT_AT, Ended, measured, note_wait
from tasks.queues import QUEUE_OF, TaskName
from telemetry.logs import logger
from telemetry.metrics import UPSTREAM_DEGRADED
from telemetry.story import Request, collecting, telling
from telemetry.traces import PARENT, received

log = logger(__name__)

NO_TABLE = "42P01"  # Postgres: undefined_table
SECONDS = 20.0  # one task's longest stay at the exchange; below every lease and the time a stop is given

LAST = 3  # requests that a failure names: a read and its repetitions


class Work(Task):  # type: ignore[type-arg]  # the stubs make Task generic, the class itself is not
    """Rows in Postgres own the work, so no failure here loses any: the reaper rings again.

    An exchange, database or broker that does not answer is one line of log, not a traceback.
    """

    abstract = True
    acks_late = True
    ignore_result = True

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        note_wait(self.name, self.request.get(SENT_AT), self.request.eta)
        with (
            measured(self.name) as run,
            telling(task_id=self.request.id),
            received(self.name, self.request.get(PARENT), task_id=self.request.id) as note,
            collecting() as requests,
        ):
            wrong = refusal(self.run, args, kwargs)
            if wrong:
                log.warning("message refused", task=self.name, reason=wrong)
                run.ended, result = Ended.REFUSED, None
            else:
                run.ended, result = self._outcome(args, kwargs, requests)
            note(ended=run.ended)
            return result

    def _outcome(self, args: tuple[Any, ...], kwargs: dict[str, Any], requests: Sequence[Request]) -> tuple[Ended, Any]:
        """How the run ended, and what it returned; raises what nobody foresaw."""
        try:
            return Ended.DONE, super().__call__(*args, **kwargs)
        except BudgetExhausted as error:
            log.info("no permit in time, the work waits", task=self.name, reason=str(error))
            return Ended.NO_PERMIT, None
        except ExchangeError as error:
            log.warning(
                "upstream degraded",
                task=self.name,
                permanent=error.permanent,
                reason=str(error),
                requests=requests[-LAST:],
            )
            return Ended.UPSTREAM, None
        except (OperationalError, InterfaceError, PoolTimeout) as error:
            reason = str(getattr(error, "orig", None) or error).partition("\n")[0]
            log.warning("database unreachable, the work waits", task=self.name, reason=reason)
            return Ended.POOL if isinstance(error, PoolTimeout) else Ended.DATABASE, None
        except ProgrammingError as error:
            if getattr(error.orig, "pgcode", None) != NO_TABLE:
                raise
            log.warning("the database has no tables yet: run `alembic upgrade head`", task=self.name)
            return Ended.DATABASE, None
        except (BrokerError, BatchPublishError) as error:
            log.warning("broker unreachable, the reaper will ring", task=self.name, reason=str(error))
            return Ended.BROKER, None

    def deadline(self) -> float:
        """When this run must be through (time.monotonic() seconds): 20 s, less where its message expires sooner."""
        left = SECONDS
        expires: object = self.request.expires
        if isinstance(expires, str):
            left = min(left, (datetime.fromisoformat(expires) - datetime.now(UTC)).total_seconds())
        return time.monotonic() + max(left, 1.0)


def senseless(endpoint: Endpoint, detail: str) -> Malformed:
    """The error for answers that make no sense only to who asked, counted as the client counts its own."""
    UPSTREAM_DEGRADED.labels(endpoint.name).inc()
    note_senseless(endpoint, detail)
    return Malformed(endpoint.name, detail)


def ring(
    name: TaskName, *, times: int = 1, expires: float | datetime, countdown: float | None = None, **kwargs: object
) -> None:
    """Send `times` messages that say "look"; they are dropped unread after `expires` (seconds or a moment).

    With a `countdown` they are read that many seconds from now.
    """
    if times <= 0:
        return
    with current_app.producer_or_acquire() as producer, producer.batch():
        for _ in range(times):
            current_app.send_task(
                name,
                kwargs=kwargs,
                queue=QUEUE_OF[name],
                expires=expires,
                countdown=countdown,
                producer=producer,
                retry=False,
            )
