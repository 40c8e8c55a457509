"""Statements that run for every page of prices: each connection has PostgreSQL parse and plan them once."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session


class Prepared:
    """A statement with `%(name)s` for its parameters, whose types follow from where they stand or from a CAST.

    It is prepared by the first transaction of a connection that runs it and lasts as long as the connection. Its plan
    is made for any values, and anew when the server has analysed a table of it: autovacuum does, within a minute.
    """

    def __init__(self, name: str, statement: str) -> None:
        places = _Places()
        self._name = name
        self._prepare = f"PREPARE {name} AS {statement % places}"
        self._execute = f"EXECUTE {name} ({', '.join(f'%({parameter})s' for parameter in places)})"

    def run(self, session: Session, values: Mapping[str, object]) -> CursorResult[*tuple[Any, ...]]:
        """Execute with a value for each parameter; what goes wrong is raised as by `session.execute`."""
        connection = session.connection()
        known: set[str] = connection.info.setdefault("prepared", set())  # ends with the connection to the server
        if self._name not in known:
            connection.exec_driver_sql(self._prepare)
            known.add(self._name)  # a rollback does not undo it
        return connection.exec_driver_sql(self._execute, dict(values))


class _Places(dict[str, str]):
    """Gives each parameter its number at its first mention."""

    def __missing__(self, name: str) -> str:
        self[name] = f"${len(self) + 1}"
        return self[name]
