import json
from dataclasses import dataclass
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from sandbox.telegram.errors import bad_request


@dataclass(frozen=True)
class Upload:
    """A file that came with the request."""

    name: str
    content: bytes
    content_type: str


class Params:
    """The parameters of one call, whichever of the forms of bots/api#making-requests they came in."""

    def __init__(self, values: dict[str, Any], files: dict[str, Upload]) -> None:
        self._values = {name: value for name, value in values.items() if value is not None}
        self._files = files

    def text(self, name: str) -> str:
        """A string, empty if it was not given."""
        return str(self._values.get(name, ""))

    def integer(self, name: str, default: int) -> int:
        """A number; ApiError 400 if it is none."""
        try:
            return int(self._values.get(name, default))
        except (TypeError, ValueError) as error:
            raise bad_request(f"invalid {name} specified: an integer is expected") from error

    def flag(self, name: str) -> bool:
        return str(self._values.get(name, "")).lower() in {"true", "1"}

    def structure(self, name: str, kind: type) -> Any:
        """A list or object, as JSON text or as such, empty if it was not given; ApiError 400 if malformed."""
        value = self._values.get(name) or kind()
        if isinstance(value, str):
            try:
                value = json.loads(value)
            except ValueError as error:
                raise bad_request(f"can't parse {name.replace('_', ' ')} JSON object") from error
        if not isinstance(value, kind):
            raise bad_request(f"{name.replace('_', ' ')} must be of type {kind.__name__}")
        return value

    def file(self, name: str) -> Upload | str:
        """An upload, or the file id or address given instead; empty if neither was given."""
        return self._files.get(name) or self.attached(self.text(name))

    def attached(self, reference: str) -> Upload | str:
        """The upload that attach://<name> refers to; anything else, such as a file id, as it is."""
        given = reference.removeprefix("attach://")
        return self._files.get(given) or given


async def read_params(request: web.Request) -> Params:
    """Query string, form, multipart or JSON body; ApiError 400 for a broken JSON body."""
    values: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        values |= await _read_json(request)
        return Params(values, {})
    files: dict[str, Upload] = {}
    for name, field in (await request.post()).items():
        if isinstance(field, FileField):
            files[name] = Upload(field.filename, field.file.read(), field.content_type)
        else:
            values[name] = field
    return Params(values, files)


async def _read_json(request: web.Request) -> dict[str, Any]:
    try:
        body = await request.json()
    except ValueError as error:
        raise bad_request("can't parse JSON object") from error
    if not isinstance(body, dict):
        raise bad_request("object expected as JSON body")
    return body
