import time

import pytest
from sqlalchemy.exc import OperationalError

from tasks.insisting import PATIENCE_SECONDS, insist


class Away:
    """A write that fails as often as it is told to."""

    def __init__(self, failures: int) -> None:
        self.left, self.tries = failures, 0

    def __call__(self) -> str:
        self.tries += 1
        if self.left:
            self.left -= 1
            raise OperationalError("COMMIT", {}, Exception("the server closed the connection"))
        return "written"


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "sleep", lambda _seconds: None)


def test_a_write_is_tried_again_while_the_database_is_away() -> None:
    """What was read is in hand: the answer need not be asked for anew."""
    write = Away(3)

    assert insist(write, time.monotonic()) == "written"
    assert write.tries == 4


def test_patience_ends_before_the_lease_does() -> None:
    """Then the failure is told, and somebody else takes over."""
    write = Away(100)

    with pytest.raises(OperationalError):
        insist(write, time.monotonic() - PATIENCE_SECONDS)

    assert write.tries == 1


def test_other_failures_are_not_tried_again() -> None:
    """A wrong statement stays wrong."""

    def wrong() -> None:
        raise ValueError("no number")

    with pytest.raises(ValueError, match="no number"):
        insist(wrong, time.monotonic())
