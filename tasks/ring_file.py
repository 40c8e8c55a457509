"""The ring of this process, read anew where it is in a file that may change."""

from pathlib import Path

from config.ring import Ring, ring_in, written_keys
from telemetry.logs import learn


class RingFile:
    """Called for the ring as it is now: that of the file, or without one that of the settings.

    Raises ValueError with a sentence where the file cannot be used; whoever asks goes on with what it has opened.
    """

    def __init__(self, path: str, first: Ring) -> None:
        self._path = Path(path) if path else None
        self._ring = first
        self._text: str | None = None

    def __call__(self) -> Ring:
        if self._path is None:
            return self._ring
        try:
            text = self._path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise ValueError(f"ENCRYPTION_KEYS_FILE cannot be read ({type(error).__name__})") from None
        if text != self._text:
            learn(*written_keys(text))
            try:
                self._ring = ring_in(text)
            except ValueError as error:
                raise ValueError(f"ENCRYPTION_KEYS_FILE: {error}") from None
            self._text = text
        return self._ring
