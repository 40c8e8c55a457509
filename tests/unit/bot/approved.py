"""Message texts are compared with files that a person has read; UPDATE_GOLDEN=1 writes them anew to be read."""

import os
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"


def approved(name: str, text: str) -> str:
    """The approved text of this name."""
    path = FOLDER / f"{name}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        path.write_text(f"{text}\n", encoding="utf-8")
    return path.read_text(encoding="utf-8").removesuffix("\n")
