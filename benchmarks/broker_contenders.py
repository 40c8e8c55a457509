"""Who is compared: each library with a broker, the command of its consumer and what it promises."""

from dataclasses import dataclass, field

VALKEY, RABBITMQ = "Valkey", "RabbitMQ"
THREADS = "16"
CELERY = ("celery", "-A", "benchmarks.broker_celery", "worker", "-l", "WARNING", "-c", THREADS)
DRAMATIQ = ("dramatiq", "benchmarks.broker_dramatiq", "--processes", "1", "--threads", THREADS)
HUEY = ("huey.bin.huey_consumer", "benchmarks.broker_huey.huey", "-k", "thread", "-w", THREADS, "-n", "-q")
TASKIQ = (
    "taskiq",
    "worker",
    "benchmarks.broker_taskiq:broker",
    "--workers=1",
    f"--max-threadpool-threads={THREADS}",
    "--ack-type=when_executed",
    "--log-level=WARNING",
)


@dataclass(frozen=True, slots=True)
class Contender:
    """`module` sends and holds the task; `late` says whether a message outlives a consumer killed under its task."""

    name: str
    broker: str
    module: str
    consumer: tuple[str, ...]
    late: bool = True
    env: dict[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        return f"{self.name}, {self.broker}"


OURS = Contender("celery", VALKEY, "benchmarks.broker_celery", CELERY)
CONTENDERS = (
    OURS,
    Contender("celery without events", VALKEY, "benchmarks.broker_celery", CELERY, env={"BENCH_EVENTS": "0"}),
    Contender("celery", RABBITMQ, "benchmarks.broker_celery", CELERY),
    Contender("dramatiq", VALKEY, "benchmarks.broker_dramatiq", DRAMATIQ),
    Contender("dramatiq", RABBITMQ, "benchmarks.broker_dramatiq", DRAMATIQ),
    Contender("taskiq", VALKEY, "benchmarks.broker_taskiq", TASKIQ),
    Contender("huey", VALKEY, "benchmarks.broker_huey", HUEY, late=False),
)
