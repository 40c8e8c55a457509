from typing import Any


class ApiError(Exception):
    """A refusal of the Bot API: what goes out as `error_code`, `description` and `parameters`.

    `permanent` tells whether the same call can never succeed; `retry_after` is in seconds.
    """

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters
        self.permanent = code not in {429, 500}
        self.retry_after: float | None = parameters.get("retry_after")

    def body(self) -> dict[str, Any]:
        """The answer as core.telegram.org/bots/api#making-requests describes it."""
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(reason: str) -> ApiError:
    return ApiError(400, f"Bad Request: {reason}")


def too_many_requests(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
