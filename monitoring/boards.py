"""The dashboards. `max by` takes what one worker reads for all; `sum by` adds what each process counted."""

from monitoring.panels import Dashboard, Line, Panel


def _p(share: str, bucket: str, by: str = "") -> str:
    """The quantile of a histogram over five minutes; `by` are labels that keep it apart."""
    names = f"le, {by}" if by else "le"
    return f"histogram_quantile({share}, sum by ({names}) (rate({bucket}[5m])))"


def _rate(counter: str, by: str) -> str:
    return f"sum by ({by}) (rate({counter}[5m]))"


OVERVIEW = Dashboard(
    "skinbeat-overview",
    "Skinbeat: overview",
    [
        Panel("Workers", [Line("max(skinbeat_workers_reporting)")], kind="stat", width=4),
        Panel("Open opportunities", [Line("sum(max by (game) (skinbeat_opportunities_open))")], kind="stat", width=4),
        Panel("Found in a day", [Line("sum(increase(arbitrage_opportunities_found_total[1d]))")], kind="stat", width=4),
        Panel(
            "Delivered in a day",
            [Line('sum(increase(skinbeat_alerts_total{state="sent"}[1d]))')],
            kind="stat",
            width=4,
        ),
        Panel(
            "Alerts that fire",
            [Line('count(ALERTS{alertstate="firing", alertname!="Watchdog"}) or vector(0)')],
            kind="stat",
            width=4,
        ),
        Panel("Titles", [Line("sum(max by (game) (skinbeat_titles))")], kind="stat", width=4),
        Panel(
            "Age of the prices",
            [Line("max by (game, percentile) (skinbeat_title_age_seconds)", "{{game}} p{{percentile}}")],
            "s",
        ),
        Panel(
            "Since the last completed scan",
            [Line("time() - max by (game) (skinbeat_scan_finished_timestamp_seconds)", "{{game}}")],
            "s",
        ),
        Panel(
            "Delivery",
            [
                Line(_p("0.5", "skinbeat_alert_delivery_seconds_bucket"), "p50"),
                Line(_p("0.95", "skinbeat_alert_delivery_seconds_bucket"), "p95"),
            ],
            "s",
        ),
        Panel("Processes that answer", [Line("sum by (job) (up)", "{{job}}")]),
        Panel("Parts that fail", [Line("max by (job, part) (skinbeat_degraded) > 0", "{{job}} {{part}}")]),
        Panel(
            "Opportunities",
            [
                Line(
                    _rate("arbitrage_opportunities_found_total", "game, level") + " * 3600",
                    "{{game}} {{level}} an hour",
                )
            ],
        ),
    ],
)

EXCHANGE = Dashboard(
    "skinbeat-exchange",
    "Skinbeat: exchange API and budget",
    [
        Panel("Requests", [Line(_rate("dmarket_api_requests_total", "endpoint"), "{{endpoint}}")], "reqps"),
        Panel("Answers", [Line(_rate("dmarket_api_requests_total", "status_code"), "{{status_code}}")], "reqps"),
        Panel(
            "Time of a request, p95",
            [Line(_p("0.95", "dmarket_api_request_duration_seconds_bucket", "endpoint"), "{{endpoint}}")],
            "s",
        ),
        Panel("Permits", [Line(_rate("skinbeat_budget_permits_total", "group"), "{{group}}")], "reqps"),
        Panel(
            "Wait for a permit, p95",
            [Line(_p("0.95", "skinbeat_budget_wait_seconds_bucket", "group"), "{{group}}")],
            "s",
        ),
        Panel("No permit in time", [Line(_rate("skinbeat_budget_refused_total", "group"), "{{group}}")], "reqps"),
        Panel(
            "Stops for all",
            [
                Line(
                    "sum by (group, reason) (increase(skinbeat_budget_blocks_total[10m]))",
                    "{{group}} {{reason}} in 10 min",
                )
            ],
        ),
        Panel("Accounts in use", [Line("max by (account) (skinbeat_account_usable)", "{{account}}")]),
        Panel("Connections in use", [Line("sum by (instance) (connection_pool_size)", "{{instance}}")]),
        Panel(
            "Reads that failed", [Line(_rate("skinbeat_upstream_degraded_total", "endpoint"), "{{endpoint}}")], "reqps"
        ),
    ],
)

SCANS = Dashboard(
    "skinbeat-scans",
    "Skinbeat: scan and truth funnel",
    [
        Panel(
            "Scans asked for",
            [Line(_rate("skinbeat_scans_total", "game, outcome") + " * 60", "{{game}} {{outcome}} a minute")],
        ),
        Panel(
            "Time of the last scan",
            [
                Line("max by (game) (skinbeat_scan_duration_seconds)", "{{game}}"),
                Line("max by (game) (skinbeat_scan_interval_seconds)", "{{game}} interval"),
            ],
            "s",
        ),
        Panel(
            "Read within the promised time",
            [Line("max by (game) (skinbeat_scan_coverage_ratio)", "{{game}}")],
            "percentunit",
        ),
        Panel("1 Titles priced", [Line(_rate("skinbeat_prices_observed_total", "game"), "{{game}}")], "cps"),
        Panel("2 Prices that changed", [Line(_rate("skinbeat_prices_changed_total", "game"), "{{game}}")], "cps"),
        Panel("3 Nominated", [Line(_rate("skinbeat_nominations_total", "reason"), "{{reason}}")], "cps"),
        Panel("4 Verdicts by gate", [Line(_rate("skinbeat_verdicts_total", "gate"), "{{gate}}")], "cps"),
        Panel(
            "5 Opportunities of all verdicts",
            [
                Line(
                    f"{_rate('arbitrage_opportunities_found_total', 'game')} / on (game) "
                    f"({_rate('skinbeat_verdicts_total', 'game')} > 0)",
                    "{{game}}",
                )
            ],
            "percentunit",
        ),
        Panel(
            "What readers said of deals",
            [Line("sum by (verdict) (increase(skinbeat_feedback_total[1d]))", "{{verdict}} in a day")],
        ),
        Panel("Time of a batch, p95", [Line(_p("0.95", "skinbeat_batch_seconds_bucket", "step"), "{{step}}")], "s"),
        Panel("Work that waits", [Line("max by (kind) (skinbeat_work_waiting)", "{{kind}}")]),
        Panel("Oldest work", [Line("max by (kind) (skinbeat_work_oldest_seconds)", "{{kind}}")], "s"),
        Panel("Games paused", [Line("max by (game) (skinbeat_game_paused)", "{{game}}")]),
    ],
)

DELIVERY = Dashboard(
    "skinbeat-delivery",
    "Skinbeat: delivery",
    [
        Panel(
            "Late or lost, of all alerts",
            [
                Line("skinbeat:late_alerts:ratio5m", "5 min"),
                Line("skinbeat:late_alerts:ratio1h", "1 h"),
                Line("vector(0.01)", "allowed in the long run"),
            ],
            "percentunit",
        ),
        Panel(
            "Proof to Telegram",
            [
                Line(_p(share, "skinbeat_alert_delivery_seconds_bucket"), f"p{share[2:]}")
                for share in ("0.50", "0.95", "0.99")
            ],
            "s",
        ),
        Panel("Alerts by end", [Line(_rate("skinbeat_alerts_total", "state, reason"), "{{state}} {{reason}}")], "cps"),
        Panel("Outbox", [Line("max by (state) (skinbeat_outbox_alerts)", "{{state}}")]),
        Panel("Oldest alert that is due", [Line("max(skinbeat_outbox_oldest_seconds)", "due")], "s"),
        Panel("Handed to Telegram", [Line(_rate("skinbeat_telegram_sends_total", "outcome"), "{{outcome}}")], "reqps"),
        Panel(
            "Telegram's budget",
            [
                Line(_rate("skinbeat_telegram_permits_total", "priority"), "{{priority}}"),
                Line(_rate("skinbeat_telegram_refused_total", "scope"), "429 for {{scope}}"),
            ],
            "reqps",
        ),
        Panel("Struck out", [Line(_rate("skinbeat_alert_edits_total", "outcome"), "{{outcome}}")], "cps"),
        Panel(
            "Updates",
            [
                Line(_rate("skinbeat_updates_total", "outcome"), "{{outcome}}"),
                Line(_rate("skinbeat_user_limited_total", "action"), "too fast: {{action}}"),
            ],
            "cps",
        ),
        Panel(
            "Who takes updates", [Line("sum(skinbeat_polling)", "polling"), Line("sum(skinbeat_webhook)", "webhook")]
        ),
    ],
)

CACHES = Dashboard(
    "skinbeat-caches",
    "Skinbeat: caches, pools and storage",
    [
        Panel(
            "Hits",
            [
                Line(
                    "sum by (cache) (rate(cache_hits_total[5m])) / (sum by (cache) (rate(cache_hits_total[5m])) "
                    "+ sum by (cache) (rate(cache_misses_total[5m])) > 0)",
                    "{{cache}}",
                )
            ],
            "percentunit",
        ),
        Panel(
            "Sales of verifications", [Line(_rate("skinbeat_verification_sales_total", "source"), "{{source}}")], "cps"
        ),
        Panel(
            "Database connections",
            [Line("sum by (job, instance) (skinbeat_database_connections)", "{{job}} {{instance}}")],
        ),
        Panel(
            "Of the pool in use",
            [Line("max by (job) (skinbeat_database_connections / skinbeat_database_connections_limit)", "{{job}}")],
            "percentunit",
        ),
        Panel("Connections to the exchange", [Line("sum by (pool) (connection_pool_size)", "{{pool}}")]),
        Panel(
            "History left before it has no partition",
            [Line('max(skinbeat_history_partition_timestamp_seconds{edge="newest"}) - time()', "ahead")],
            "s",
        ),
        Panel(
            "History kept",
            [Line('time() - max(skinbeat_history_partition_timestamp_seconds{edge="oldest"})', "back")],
            "s",
        ),
        Panel(
            "Memory", [Line("sum by (job, instance) (process_resident_memory_bytes)", "{{job}} {{instance}}")], "bytes"
        ),
        Panel(
            "Processor", [Line("sum by (job, instance) (rate(process_cpu_seconds_total[5m]))", "{{job}} {{instance}}")]
        ),
    ],
)

ERRORS = Dashboard(
    "skinbeat-errors",
    "Skinbeat: errors and queues",
    [
        Panel("Alerts that fire", [Line('ALERTS{alertstate="firing", alertname!="Watchdog"}', "{{alertname}}")]),
        Panel("Runs of tasks by end", [Line(_rate("skinbeat_tasks_total", "outcome"), "{{outcome}}")], "cps"),
        Panel(
            "Runs not done in order",
            [Line('sum by (task, outcome) (rate(skinbeat_tasks_total{outcome!="done"}[5m]))', "{{task}} {{outcome}}")],
            "cps",
        ),
        Panel("Time of a task, p95", [Line(_p("0.95", "skinbeat_task_seconds_bucket", "task"), "{{task}}")], "s"),
        Panel(
            "Wait of a message, p95", [Line(_p("0.95", "skinbeat_task_wait_seconds_bucket", "queue"), "{{queue}}")], "s"
        ),
        Panel(
            "Taken up again",
            [
                Line(_rate("skinbeat_task_retries_total", "task"), "{{task}}"),
                Line(_rate("skinbeat_work_requeued_total", "kind"), "rung again: {{kind}}"),
            ],
            "cps",
        ),
        Panel("Messages in the broker", [Line("max by (queue) (skinbeat_queue_messages)", "{{queue}}")]),
        Panel("Oldest message", [Line("max by (queue) (skinbeat_queue_oldest_seconds)", "{{queue}}")], "s"),
        Panel("Parts that fail", [Line("max by (job, part) (skinbeat_degraded)", "{{job}} {{part}}")]),
        Panel(
            "Since a part was last well",
            [Line("time() - max by (job, part) (skinbeat_last_success_timestamp_seconds)", "{{job}} {{part}}")],
            "s",
        ),
        Panel("Failed reads", [Line(_rate("skinbeat_upstream_degraded_total", "endpoint"), "{{endpoint}}")], "cps"),
    ],
)

BOARDS = (OVERVIEW, EXCHANGE, SCANS, DELIVERY, CACHES, ERRORS)
