import psycopg2


def run_sql(url: str, statement: str) -> list[tuple[object, ...]]:
    """Run one statement in a transaction of its own; return its rows, if it has any."""
    connection = psycopg2.connect(url)
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()
