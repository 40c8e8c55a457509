"""Telegram's HTML style (core.telegram.org/bots/api#html-style), with the refusals of its real parser."""

import re
from dataclasses import dataclass

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.formatted import Entity, FormattedText
from sandbox.telegram.utf16 import utf16_length

TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
}
ATTRIBUTE = re.compile(r"""\s+([^\s=>/]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([\w.\-]+)))?""")
START_TAG = re.compile(rf"<([^\s>]*)((?:{ATTRIBUTE.pattern})*)\s*>")
END_TAG = re.compile(r"</([^\s>]*)\s*>")
TAG_NAME = re.compile(r"[^\s>]*")
CHARACTER = re.compile(r"&(?:#(\d+)|#[xX]([0-9a-fA-F]+)|(lt|gt|amp|quot));?")
NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
LAST_CODE_POINT = 0x10FFFF


@dataclass
class OpenTag:
    name: str
    attributes: dict[str, str]
    start: int


def parse_html(source: str) -> FormattedText:
    """The plain text and entities of `source`; ApiError 400 for what Telegram cannot parse."""
    return _Parser(source).parse()


class _Parser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._text = ""
        self._open: list[OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        while self._at < len(self._source):
            self._step()
        if self._open:
            raise _unparsable(f'Can\'t find end tag corresponding to start tag "{self._open[-1].name}"')
        ordered = sorted(self._entities, key=lambda entity: (entity.offset, -entity.length))
        return FormattedText(self._text, tuple(ordered))

    def _step(self) -> None:
        if self._source.startswith("</", self._at):
            self._end_tag()
        elif self._source[self._at] == "<":
            self._start_tag()
        elif self._source[self._at] == "&":
            self._character()
        else:
            self._text += self._source[self._at]
            self._at += 1

    def _byte_offset(self) -> int:
        return len(self._source[: self._at].encode())

    def _start_tag(self) -> None:
        found = TAG_NAME.match(self._source, self._at + 1)
        name = found.group().lower() if found else ""
        if name not in TYPES:
            raise _unparsable(f'Unsupported start tag "{name}" at byte offset {self._byte_offset()}')
        tag = START_TAG.match(self._source, self._at)
        if tag is None:
            raise _unparsable(f"Unclosed start tag at byte offset {self._byte_offset()}")
        attributes = {
            match[1].lower(): _decode(match[2] or match[3] or match[4] or "")
            for match in ATTRIBUTE.finditer(tag.group(2))
        }
        if name == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte_offset()}')
        self._open.append(OpenTag(name, attributes, utf16_length(self._text)))
        self._at = tag.end()

    def _end_tag(self) -> None:
        at = self._byte_offset()
        tag = END_TAG.match(self._source, self._at)
        if tag is None:
            raise _unparsable(f"Unclosed end tag at byte offset {at}")
        if not self._open:
            raise _unparsable(f"Unexpected end tag at byte offset {at}")
        opened, name = self._open.pop(), tag.group(1).lower()
        if name != opened.name:
            raise _unparsable(f'Unmatched end tag at byte offset {at}, expected "</{opened.name}>", found "</{name}>"')
        self._at = tag.end()
        self._close(opened)

    def _close(self, tag: OpenTag) -> None:
        length = utf16_length(self._text) - tag.start
        language = tag.attributes.get("class", "").removeprefix("language-")
        if tag.name == "code" and language and self._open and self._open[-1].name == "pre":
            # <pre><code class="language-x"> is one entity: a pre with a language
            self._open[-1].attributes["language"] = language
        elif length > 0:
            self._entities.append(_entity(tag, length, self._text))

    def _character(self) -> None:
        found = CHARACTER.match(self._source, self._at)
        if found is None:
            self._text += "&"
            self._at += 1
        else:
            self._text += _decode(found.group())
            self._at = found.end()


def _entity(tag: OpenTag, length: int, text: str) -> Entity:
    kind, extra = TYPES[tag.name], {}
    if tag.name == "a":
        # a link without address points to its own text
        inside = text.encode("utf-16-le")[2 * tag.start :].decode("utf-16-le")
        extra = {"url": tag.attributes.get("href") or inside}
    elif tag.name == "tg-emoji":
        extra = {"custom_emoji_id": tag.attributes.get("emoji-id", "")}
    elif tag.name == "pre" and "language" in tag.attributes:
        extra = {"language": tag.attributes["language"]}
    elif tag.name == "blockquote" and "expandable" in tag.attributes:
        kind = "expandable_blockquote"
    return Entity(kind, tag.start, length, tuple(extra.items()))


def _decode(source: str) -> str:
    return CHARACTER.sub(_one_character, source)


def _one_character(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name:
        return NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16)
    return chr(code) if 0 < code <= LAST_CODE_POINT else found.group()


def _unparsable(reason: str) -> ApiError:
    return bad_request(f"can't parse entities: {reason}")
