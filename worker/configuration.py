"""Celery's configuration, from the settings alone; the reasons are in docs/decisions/."""

from datetime import timedelta
from typing import Any

from kombu import Exchange
from kombu import Queue as BrokerQueue

from config.settings import Settings
from tasks.queues import QUEUE_OF, Queue
from worker.schedule import beat_schedule

VISIBILITY = timedelta(minutes=5)  # far longer than any task, so nothing runs twice because it is slow
# Seconds. A broker that is suddenly cut off sends no goodbye: a command is tried four times before it fails, and
# meanwhile the worker takes no messages; the connection that waits for messages is looked after every so often.
COMMAND_TIMEOUT = 5
HEALTH_INTERVAL = 10


def celery_config(settings: Settings) -> dict[str, Any]:
    """Postgres owns the work, so no results are kept and a message may be lost or come twice."""
    return {
        "broker_url": settings.celery_broker_url,
        "broker_transport_options": _transport_options(settings.celery_broker_url),
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_connection_timeout": 4,
        "task_ignore_result": True,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_acks_late": True,
        "task_create_missing_queues": False,
        "task_default_queue": Queue.SCAN.value,
        "task_queues": [BrokerQueue(name, Exchange(name), routing_key=name) for name in map(str, Queue)],
        "task_routes": {name.value: {"queue": queue.value} for name, queue in QUEUE_OF.items()},
        "worker_send_task_events": True,
        "worker_prefetch_multiplier": 1,
        "worker_pool": "threads",
        "worker_concurrency": settings.worker_concurrency,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "beat_scheduler": "worker.scheduler:PromptScheduler",
        "beat_max_loop_interval": 5,
        "beat_schedule": beat_schedule(settings),
        "timezone": "UTC",
        "enable_utc": True,
    }


def _transport_options(broker_url: str) -> dict[str, Any]:
    if broker_url.startswith("amqp"):
        return {}
    return {
        "visibility_timeout": int(VISIBILITY.total_seconds()),
        "unacked_restore_interval": 5,
        "unacked_restore_throttle": 1,
        "socket_timeout": COMMAND_TIMEOUT,
        "socket_connect_timeout": 4,
        "socket_keepalive": True,
        "health_check_interval": HEALTH_INTERVAL,
    }
