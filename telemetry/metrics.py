"""Every metric with its labels and buckets. Labels are bounded: never a title, a chat or an offer.

The mode of a gauge says what one number the processes of a worker that forks its pool give together.
"""

from prometheus_client import Counter, Gauge, Histogram

from telemetry.readings import Reading

# --- the exchange client
API_REQUESTS = Counter(
    "dmarket_api_requests_total", "Requests to the exchange by outcome.", ["endpoint", "method", "status_code"]
)
API_DURATION = Histogram(
    "dmarket_api_request_duration_seconds",
    "Time from sending a request to its last byte.",
    ["endpoint", "method"],
    buckets=(0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8),
)
POOL_SIZE = Gauge("connection_pool_size", "Connections in use to the exchange.", ["pool"], multiprocess_mode="livesum")
PERMITS = Counter("skinbeat_budget_permits_total", "Calls allowed by the shared rate budget.", ["group"])
PERMIT_WAIT = Histogram(
    "skinbeat_budget_wait_seconds",
    "Time a call waited for its permit.",
    ["group"],
    buckets=(0.005, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
PERMITS_REFUSED = Counter(
    "skinbeat_budget_refused_total", "Calls given up because no permit came before their deadline.", ["group"]
)
BUDGET_BLOCKS = Counter(
    "skinbeat_budget_blocks_total", "Times the exchange told all workers to pause.", ["group", "reason"]
)
ACCOUNT_USABLE = Gauge(
    "skinbeat_account_usable",
    "1 while an exchange account is used, 0 while it is left out.",
    ["account"],
    multiprocess_mode="livemostrecent",
)

# --- scans
SCANS = Counter("skinbeat_scans_total", "Scan requests by what became of them.", ["game", "outcome"])
PRICES = Counter("skinbeat_prices_observed_total", "Titles priced.", ["game"])
PRICES_CHANGED = Counter("skinbeat_prices_changed_total", "Titles whose price differed from the last one.", ["game"])
BATCH_SECONDS = Histogram(
    "skinbeat_batch_seconds",
    "Time of one price batch by step.",
    ["step"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
NOMINATIONS = Counter("skinbeat_nominations_total", "Items nominated for verification.", ["game", "reason"])
VERDICTS = Counter("skinbeat_verdicts_total", "Verifications by the gate that decided.", ["game", "gate"])
VERIFICATION_SALES = Counter(
    "skinbeat_verification_sales_total", "Verifications by where their sales came from.", ["source"]
)
OPPORTUNITIES = Counter(
    "arbitrage_opportunities_found_total", "Opportunities opened, proven on live data.", ["game", "level"]
)
UPSTREAM_DEGRADED = Counter(
    "skinbeat_upstream_degraded_total", "Reads of the exchange that failed or made no sense.", ["endpoint"]
)
REQUEUED = Counter("skinbeat_work_requeued_total", "Work rung again after a lost message or a dead worker.", ["kind"])
CACHE_HITS = Counter("cache_hits_total", "Answers served from a cache.", ["cache"])
CACHE_MISSES = Counter("cache_misses_total", "Answers a cache did not have.", ["cache"])

# --- delivery
ALERTS = Counter("skinbeat_alerts_total", "Alerts by final state.", ["state", "reason"])
ALERT_SECONDS = Histogram(
    "skinbeat_alert_delivery_seconds",
    "Time from an opportunity's proof to Telegram's acceptance of its alert.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
STRIKES = Counter(
    "skinbeat_alert_edits_total", "Messages struck out because their deal changed, by outcome.", ["outcome"]
)
FEEDBACK = Counter(
    "skinbeat_feedback_total", "What readers said of deals: bought, gone on arrival, wrong.", ["verdict"]
)
TELEGRAM_CALLS = Counter("skinbeat_telegram_sends_total", "Messages handed to Telegram by outcome.", ["outcome"])
TELEGRAM_PERMITS = Counter(
    "skinbeat_telegram_permits_total", "Messages allowed by the shared Telegram budget.", ["priority"]
)
TELEGRAM_REFUSED = Counter(
    "skinbeat_telegram_refused_total", "Answers 429 of Telegram by whom they hold up.", ["scope"]
)
UPDATES = Counter("skinbeat_updates_total", "Updates of Telegram by what became of them.", ["outcome"])
LIMITED = Counter("skinbeat_user_limited_total", "Requests of users that came too fast.", ["action"])
POLLING = Gauge(
    "skinbeat_polling", "1 while this process polls Telegram for updates, else 0.", multiprocess_mode="livemax"
)
WEBHOOK = Gauge(
    "skinbeat_webhook", "1 where this process takes updates by webhook, else 0.", multiprocess_mode="livemax"
)

# --- what a process depends on
DEGRADED = Gauge(
    "skinbeat_degraded", "1 while this process sees a part failing, else 0.", ["part"], multiprocess_mode="livemax"
)
LAST_SUCCESS = Gauge(
    "skinbeat_last_success_timestamp_seconds",
    "When this process last saw a part do what it was asked.",
    ["part"],
    multiprocess_mode="livemax",
)
DATABASE_CONNECTIONS = Gauge(
    "skinbeat_database_connections", "Connections of the pool in use.", ["pool"], multiprocess_mode="livesum"
)
DATABASE_CONNECTIONS_LIMIT = Gauge(
    "skinbeat_database_connections_limit", "Connections the pool lends at most.", ["pool"], multiprocess_mode="livesum"
)

# --- tasks
TASKS = Counter("skinbeat_tasks_total", "Runs of tasks by how they ended.", ["task", "outcome"])
TASK_SECONDS = Histogram(
    "skinbeat_task_seconds",
    "Time of one run of a task.",
    ["task"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20),
)
TASK_WAIT = Histogram(
    "skinbeat_task_wait_seconds",
    "Time from when a message was due to the begin of its task.",
    ["queue"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
TASK_RETRIES = Counter(
    "skinbeat_task_retries_total", "Work taken up again that an earlier run did not bring to its end.", ["task"]
)

# --- what one worker reads for all (worker/exporter.py)
TITLES = Reading("skinbeat_titles", "Titles of the catalogue that are to be priced.", ("game",))
TITLE_AGE = Reading(
    "skinbeat_title_age_seconds", "Time since the price of a title was read, at a percentile.", ("game", "percentile")
)
COVERAGE = Reading(
    "skinbeat_scan_coverage_ratio", "Titles whose price was read within the promised time, of all.", ("game",)
)
SCAN_INTERVAL = Reading("skinbeat_scan_interval_seconds", "Time between two scans of a game in force.", ("game",))
SCAN_SECONDS = Reading("skinbeat_scan_duration_seconds", "Time the last completed scan took.", ("game",))
SCAN_FINISHED = Reading("skinbeat_scan_finished_timestamp_seconds", "When the last scan was completed.", ("game",))
GAME_PAUSED = Reading("skinbeat_game_paused", "1 while the operators have paused the game, else 0.", ("game",))
OPEN_OPPORTUNITIES = Reading("skinbeat_opportunities_open", "Opportunities that are open.", ("game",))
WORK_WAITING = Reading("skinbeat_work_waiting", "Rows of work that is due and that nobody has in hand.", ("kind",))
WORK_OLDEST = Reading("skinbeat_work_oldest_seconds", "How long the oldest of that work waits.", ("kind",))
OUTBOX = Reading("skinbeat_outbox_alerts", "Alerts that have not ended.", ("state",))
OUTBOX_OLDEST = Reading("skinbeat_outbox_oldest_seconds", "How long the oldest alert that is due waits.")
PARTITIONS = Reading(
    "skinbeat_history_partition_timestamp_seconds",
    "From when on, and until when, the price history has partitions.",
    ("edge",),
)
WORKERS = Reading("skinbeat_workers_reporting", "Worker processes that reported lately.")
QUEUE_LENGTH = Reading("skinbeat_queue_messages", "Messages that wait in the broker.", ("queue",))
QUEUE_OLDEST = Reading("skinbeat_queue_oldest_seconds", "How long the oldest message waits.", ("queue",))
