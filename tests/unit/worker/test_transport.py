import pytest
import redis

from worker.transport import refuses


@pytest.mark.parametrize(
    "error",
    [
        redis.ResponseError("MISCONF Errors writing to the AOF file: No space left on device"),
        redis.ResponseError("UNBLOCKED force unblock from blocking operation, instance state changed"),
        redis.exceptions.ReadOnlyError("You can't write against a read only replica.", status_code="READONLY"),
        redis.exceptions.OutOfMemoryError("command not allowed", status_code="OOM"),
    ],
)
def test_a_server_that_takes_nothing_is_told_from_a_wrong_command(error: redis.ResponseError) -> None:
    """What it answers when its disk or memory is full, or when it is not the master any more."""
    assert refuses(error)


@pytest.mark.parametrize(
    "text", ["WRONGTYPE Operation against a key", "ERR unknown command", "NOSCRIPT No matching script"]
)
def test_a_wrong_command_is_not_tried_again(text: str) -> None:
    """It stays an error of the program."""
    assert not refuses(redis.ResponseError(text))
