import pytest
from kombu.exceptions import OperationalError

from worker.reconnecting import MOST_SECONDS, Connection


def test_pauses_between_tries_stay_short() -> None:
    """However long the broker has been away, it is noticed within seconds that it is back."""
    pauses: list[float] = []

    class EnoughError(Exception):
        """Ends the tries."""

    def note(_error: Exception, seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 3:
            raise EnoughError

    connection = Connection("redis://127.0.0.1:9/0", transport_options={"socket_connect_timeout": 0.2})
    with pytest.raises(EnoughError):
        connection.ensure_connection(note, interval_start=6, callback=lambda: None)

    assert max(pauses) == MOST_SECONDS


def test_the_application_connects_this_way(monkeypatch: pytest.MonkeyPatch) -> None:
    """Not Kombu's own connection."""
    monkeypatch.setenv("CELERY_BROKER_URL", "redis://127.0.0.1:9/0")
    from worker.application import app  # noqa: PLC0415  # reads the environment when it is first used

    with app.connection_for_read() as connection:
        assert isinstance(connection, Connection)
        with pytest.raises(OperationalError):
            connection.ensure_connection(max_retries=1, timeout=1)
