from dataclasses import dataclass, replace
from typing import Any

from sandbox.telegram.utf16 import utf16_length


@dataclass(frozen=True)
class Entity:
    """A formatted part of a text; offset and length in UTF-16 units (bots/api#messageentity)."""

    type: str
    offset: int
    length: int
    extra: tuple[tuple[str, str], ...] = ()

    def describe(self) -> dict[str, Any]:
        return {"type": self.type, "offset": self.offset, "length": self.length, **dict(self.extra)}


@dataclass(frozen=True)
class FormattedText:
    """A text as a reader sees it, and its entities in order of appearance."""

    text: str
    entities: tuple[Entity, ...] = ()

    def trimmed(self) -> "FormattedText":
        """Without white space around it, as Telegram stores every text."""
        text = self.text.strip()
        cut = utf16_length(self.text) - utf16_length(self.text.lstrip())
        moved = (_cut_to(entity, cut, utf16_length(text)) for entity in self.entities)
        return FormattedText(text, tuple(entity for entity in moved if entity.length > 0))

    def describe_entities(self) -> list[dict[str, Any]]:
        return [entity.describe() for entity in self.entities]


def _cut_to(entity: Entity, cut: int, length: int) -> Entity:
    start = max(entity.offset - cut, 0)
    end = min(entity.offset + entity.length - cut, length)
    return replace(entity, offset=start, length=end - start)
