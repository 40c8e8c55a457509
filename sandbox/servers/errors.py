class ServerError(Exception):
    """A child process or an embedded server could not be started or stopped.

    `permanent` tells whether trying again is pointless; `retry_after` is a waiting time in seconds, if one
    is known. `message` is one sentence for the person who started the command.
    """

    def __init__(self, message: str, *, permanent: bool = True, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.retry_after = retry_after


class FolderInUseError(ServerError):
    """Another runner holds the data folder; it helps to stop that one, not to try again."""
