"""Telegram's HTML as an admin types it (core.telegram.org/bots/api#html-style): read, checked, written cleanly."""

from html import escape
from html.parser import HTMLParser

PLAIN = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "code", "pre", "tg-spoiler", "blockquote"}
)
LINK = "a"
SCHEMES = ("https://", "http://", "tg://")


class UnreadableError(ValueError):
    """What is wrong is named by `tag`: Telegram does not know it so, or it is `unclosed`."""

    def __init__(self, tag: str, *, unclosed: bool = False) -> None:
        super().__init__(tag)
        self.tag = tag[:20]
        self.unclosed = unclosed


def cleaned(typed: str) -> str:
    """The same text as HTML that Telegram takes: what is no tag is escaped, every tag is one of Telegram's and closed.

    Raises UnreadableError. A text without tags stays as it reads.
    """
    reader = _Reader()
    reader.feed(typed)
    reader.close()
    if reader.open:
        raise UnreadableError(reader.open[-1], unclosed=True)
    return "".join(reader.written).strip()


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.written: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        link = next((value or "" for name, value in attrs if name == "href"), "")
        fits = (tag == LINK and link.startswith(SCHEMES)) or (tag in PLAIN and not attrs)
        if not fits or tag in self.open:
            raise UnreadableError(tag)
        self.open.append(tag)
        self.written.append(f'<a href="{escape(link)}">' if tag == LINK else f"<{tag}>")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1] != tag:
            raise UnreadableError(f"/{tag}")
        self.open.pop()
        self.written.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        self.written.append(escape(data, quote=False))

    def handle_comment(self, data: str) -> None:
        raise UnreadableError(f"!--{data}")

    def handle_decl(self, decl: str) -> None:
        raise UnreadableError(f"!{decl}")

    def unknown_decl(self, data: str) -> None:
        raise UnreadableError(f"![{data}")

    def handle_pi(self, data: str) -> None:
        raise UnreadableError(f"?{data}")
