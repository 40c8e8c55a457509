"""Rows of a running database, for whoever looks at a simulated system from outside."""

from collections.abc import Sequence
from typing import Any

import psycopg2
from psycopg2.extras import RealDictCursor


def rows_of(url: str, statement: str, values: Sequence[object] = (), *, patience: int = 30) -> list[dict[str, Any]]:
    """The rows of one statement, none for one that gives none; what it changes stays. psycopg2.Error where it fails.

    A database that takes no connection within `patience` seconds is away.
    """
    connection = psycopg2.connect(
        url, cursor_factory=RealDictCursor, connect_timeout=patience, application_name="onlooker"
    )
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values or None)
            return [dict(row) for row in cursor.fetchall()] if cursor.description else []
    finally:
        connection.close()
