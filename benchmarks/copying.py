"""How fast Postgres takes the rows of all prices and their history by COPY: the limit of every ingest."""

import io
import time
from collections.abc import Sequence
from typing import Any

import psycopg2

PAGE = 100
PRICES = "item_id, bid, bid_count, ask, ask_count, promising, churn, changed_at, confirmed_at"
CHANGES = "item_id, observed_at, bid, bid_count, ask, ask_count"
TABLES = """
    CREATE TABLE copied_prices (LIKE prices INCLUDING ALL, FOREIGN KEY (item_id) REFERENCES items (id));
    ALTER TABLE copied_prices SET (fillfactor = 70);
    CREATE TABLE copied_changes (LIKE price_history INCLUDING ALL);
"""
Page = tuple[str, str]


def copy_rates(url: str, rounds: int) -> tuple[float, float]:
    """Titles a second, each with its price and one history row: a transaction for each page, and one for all."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(TABLES)
            cursor.execute(f"SELECT {PRICES} FROM prices ORDER BY item_id")
            prices = cursor.fetchall()
        pages = [_page(prices[start : start + PAGE]) for start in range(0, len(prices), PAGE)]
        whole = [_page(prices)]
        by_page = min(_copy(connection, pages) for _ in range(rounds))
        at_once = min(_copy(connection, whole) for _ in range(rounds))
    finally:
        connection.close()
    return len(prices) / by_page, len(prices) / at_once


def _page(prices: Sequence[tuple[Any, ...]]) -> Page:
    changes = [(row[0], row[7], *row[1:5]) for row in prices]
    return _lines(prices), _lines(changes)


def _lines(rows: Sequence[tuple[Any, ...]]) -> str:
    return "".join("\t".join("\\N" if cell is None else str(cell) for cell in row) + "\n" for row in rows)


def _copy(connection: Any, pages: Sequence[Page]) -> float:
    with connection, connection.cursor() as cursor:
        cursor.execute("TRUNCATE copied_prices, copied_changes")
    began = time.perf_counter()
    with connection.cursor() as cursor:
        for prices, changes in pages:
            cursor.copy_expert(f"COPY copied_prices ({PRICES}) FROM STDIN", io.StringIO(prices))
            cursor.copy_expert(f"COPY copied_changes ({CHANGES}) FROM STDIN", io.StringIO(changes))
            connection.commit()
    return time.perf_counter() - began
