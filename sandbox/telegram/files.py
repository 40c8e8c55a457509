from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.images import photo_size
from sandbox.telegram.params import Upload

LARGEST_PHOTO = 10 * 1024 * 1024
LARGEST_DOCUMENT = 50 * 1024 * 1024
URL_SCHEMES = ("http://", "https://")


class FileStore:
    """Files the bot has sent, by file id, for sending again and for download."""

    def __init__(self) -> None:
        self._files: dict[str, Upload] = {}

    def photo(self, given: Upload | str) -> dict[str, Any]:
        """The `photo` field of a message: one size."""
        file_id, upload = self._keep(given, "photo", LARGEST_PHOTO)
        width, height = photo_size(upload.content)
        return {"photo": [_describe(file_id, upload) | {"width": width, "height": height}]}

    def document(self, given: Upload | str) -> dict[str, Any]:
        """The `document` field of a message."""
        file_id, upload = self._keep(given, "document", LARGEST_DOCUMENT)
        named = {"file_name": upload.name, "mime_type": upload.content_type}
        return {"document": _describe(file_id, upload) | named}

    def describe(self, file_id: str) -> dict[str, Any]:
        """The file as bots/api#file has it."""
        return _describe(file_id, self.content(file_id)) | {"file_path": f"files/{file_id}"}

    def content(self, file_id: str) -> Upload:
        """ApiError 400 for an unknown id."""
        if file_id not in self._files:
            raise bad_request("wrong file_id or the file is temporarily unavailable")
        return self._files[file_id]

    def _keep(self, given: Upload | str, kind: str, largest: int) -> tuple[str, Upload]:
        if isinstance(given, str):
            return given, self._known(given, kind)
        if not given.content:
            raise bad_request("file must be non-empty")
        if len(given.content) > largest:
            raise bad_request(f"file of size {len(given.content)} bytes is too big for a {kind}")
        file_id = f"{kind}-{len(self._files) + 1}"
        self._files[file_id] = given
        return file_id, given

    def _known(self, given: str, kind: str) -> Upload:
        if not given:
            raise bad_request(f"there is no {kind} in the request")
        if given.startswith(URL_SCHEMES):
            raise bad_request("failed to get HTTP URL content")
        if given not in self._files:
            raise bad_request("wrong file identifier/HTTP URL specified")
        return self._files[given]


def _describe(file_id: str, upload: Upload) -> dict[str, Any]:
    return {"file_id": file_id, "file_unique_id": f"u-{file_id}", "file_size": len(upload.content)}
