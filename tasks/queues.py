"""Names and queues as data: what operators, scripts and compose files rely on."""

from enum import StrEnum


class Queue(StrEnum):
    SCAN = "scan"
    PRICES = "prices"
    VERIFY = "verify"
    MAINTENANCE = "maintenance"


class TaskName(StrEnum):
    SCAN_GAME = "tasks.scan_game"
    FETCH_PRICES = "tasks.fetch_prices"
    VERIFY_ITEM = "tasks.verify_item"
    REFRESH_CATALOGUE = "tasks.refresh_catalogue"
    REFRESH_FEES = "tasks.refresh_fees"
    REFRESH_SALES = "tasks.refresh_sales"
    ARRANGE_TITLES = "tasks.arrange_titles"
    MAINTAIN_HISTORY = "tasks.maintain_history"
    REAP_WORK = "tasks.reap_work"


QUEUE_OF: dict[TaskName, Queue] = {
    TaskName.SCAN_GAME: Queue.SCAN,
    TaskName.FETCH_PRICES: Queue.PRICES,
    TaskName.VERIFY_ITEM: Queue.VERIFY,
    TaskName.REFRESH_CATALOGUE: Queue.MAINTENANCE,
    TaskName.REFRESH_FEES: Queue.MAINTENANCE,
    TaskName.REFRESH_SALES: Queue.MAINTENANCE,
    TaskName.ARRANGE_TITLES: Queue.MAINTENANCE,
    TaskName.MAINTAIN_HISTORY: Queue.MAINTENANCE,
    TaskName.REAP_WORK: Queue.SCAN,
}
