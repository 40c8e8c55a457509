"""Work for a stage: processes with settings of their own, messages as beat sends them, backlogs without end."""

import os
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import partial

import redis
import requests
from celery import Celery

from benchmarks.stage import Stage, eventually
from sandbox.servers.child import Child
from sandbox.servers.ports import free_port
from tasks.queues import QUEUE_OF, TaskName

CHAT = 4242
START_SECONDS = 90.0
FAVOURED = -10  # niceness
GAMES = {"csgo": 12_000, "dota2": 8_000, "tf2": 4_000, "rust": 2_000}  # titles; one game's are read while another ends
QUICK_GAMES = dict.fromkeys(GAMES, 1_500)
UNSCHEDULED = {f"SCAN_INTERVAL_{game.upper()}": "0" for game in GAMES}  # scans begin when a benchmark asks for them


def market(titles: Mapping[str, int]) -> tuple[str, ...]:
    """The simulated exchange's options for a market of so many titles that answers after 50 ms."""
    counts = ",".join(f"{game}={count}" for game, count in titles.items())
    return "--titles", counts, "--latency-ms", "50", "--planted-per-game", "6"


@dataclass(slots=True)
class Process:
    """One of ours with its HTTP port."""

    child: Child
    port: int

    def ready(self) -> bool:
        with suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{self.port}/ready", timeout=5).ok
        return False


@contextmanager
def crew(stage: Stage, count: int, **environ: str) -> Iterator[list[Process]]:
    """That many workers, ready to work, with these settings besides the stage's.

    At the end they are killed and what they leave undone is forgotten, so that the next crew begins afresh.
    """
    processes = [spawn(stage, "worker", f"worker-{number}", **environ) for number in range(1, count + 1)]
    try:
        await_ready(processes)
        yield processes
    finally:
        for process in processes:
            process.child.kill()
        _forget_work(stage)


def _forget_work(stage: Stage) -> None:
    stage.rows("TRUNCATE scan_runs, scan_batches, nominees, leases")
    with redis.Redis.from_url(stage.stack.env["CELERY_BROKER_URL"]) as broker:
        broker.flushdb()


def spawn(stage: Stage, process: str, name: str | None = None, **environ: str) -> Process:
    port = free_port()
    stack = replace(stage.stack, env={**stage.stack.env, **environ})
    return Process(stack.spawn(process, name or process, port), port)


def await_ready(processes: Sequence[Process]) -> None:
    for process in processes:
        eventually(f"{process.child.name} is ready", process.ready, START_SECONDS)


@dataclass(slots=True)
class Bell:
    """Sends the messages that beat or the bot's users would."""

    stage: Stage
    app: Celery = field(init=False)

    def __post_init__(self) -> None:
        self.app = Celery("bench", broker=self.stage.stack.env["CELERY_BROKER_URL"])

    def ring(self, name: TaskName, *, times: int = 1, **kwargs: object) -> None:
        """Messages that a worker drops after a minute and a half."""
        with self.app.producer_or_acquire() as producer:
            for _ in range(times):
                self.app.send_task(name, kwargs=kwargs, queue=QUEUE_OF[name].value, expires=90, producer=producer)


def favour_instruments(stage: Stage) -> list[str]:
    """Let the simulated services go before what is measured; what a reader must know where that is not allowed.

    They are the measuring instrument: on a customer's machine they do not take part.
    """
    for child in stage.stack.family.children:
        if child.name in {"exchange", "telegram"}:
            try:
                os.setpriority(os.PRIO_PROCESS, child.pid, FAVOURED)
            except PermissionError:
                return ["The simulated exchange could not be given priority here: its times include its own waiting."]
    return []


def know_catalogue(stage: Stage, bell: Bell, games: Sequence[str]) -> None:
    """Read fees, titles and, once, all prices of these games as production does; needs a worker."""
    for game in games:
        bell.ring(TaskName.REFRESH_FEES, game=game)
        bell.ring(TaskName.REFRESH_CATALOGUE, game=game)  # which rings for a scan when it ends
    priced = "SELECT count(DISTINCT game) FROM scan_runs WHERE state = 'done'"
    eventually(f"{', '.join(games)} are known and priced", lambda: stage.number(priced) >= len(games), 180)
    await_rest(stage)


def await_rest(stage: Stage, seconds: float = 180.0) -> None:
    """Wait until no scan runs and nothing waits for verification."""
    eventually("all scans and verifications are done", lambda: not (scanning(stage) or waiting(stage)), seconds)


def scanning(stage: Stage) -> int:
    return stage.number("SELECT count(*) FROM scan_runs WHERE state = 'running'")


def waiting(stage: Stage) -> int:
    return stage.number("SELECT count(*) FROM nominees WHERE expires_at > now()")


def subscribe(stage: Stage, chat: int = CHAT) -> None:
    """A person who wants to be told of everything; needs a bot."""
    stage.telegram("chats", {"id": chat, "type": "private", "first_name": "Bench", "language_code": "en"})
    stage.telegram(f"chats/{chat}/say", {"text": "/start"})
    eventually("a chat is subscribed", lambda: stage.number("SELECT count(*) FROM chats WHERE id = %s", [chat]))


@contextmanager
def beside(work: Callable[[threading.Event], None], name: str) -> Iterator[None]:
    """Let `work` go on in a thread of its own until the block ends, when its event is set."""
    stop = threading.Event()
    thread = threading.Thread(target=work, args=(stop,), name=name)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def endless_scans(stage: Stage, bell: Bell, games: Sequence[str]) -> AbstractContextManager[None]:
    """Scan after scan of each game, as fast as the workers are through with them."""
    return beside(partial(_scan_on, stage, bell, games), "scans")


def _scan_on(stage: Stage, bell: Bell, games: Sequence[str], stop: threading.Event) -> None:
    while not stop.is_set():
        running = {row["game"] for row in stage.rows("SELECT game FROM scan_runs WHERE state = 'running'")}
        for game in games:
            if game not in running:
                bell.ring(TaskName.SCAN_GAME, game=game)
        stop.wait(0.5)  # how soon an ended scan is followed by the next; the other games' batches wait meanwhile
