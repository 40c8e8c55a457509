import pytest

from sandbox.telegram.errors import ApiError
from sandbox.telegram.formatted import Entity
from sandbox.telegram.html_text import parse_html


@pytest.mark.parametrize(
    ("tag", "kind"),
    [
        ("b", "bold"),
        ("strong", "bold"),
        ("i", "italic"),
        ("em", "italic"),
        ("u", "underline"),
        ("ins", "underline"),
        ("s", "strikethrough"),
        ("strike", "strikethrough"),
        ("del", "strikethrough"),
        ("code", "code"),
        ("pre", "pre"),
        ("tg-spoiler", "spoiler"),
        ("blockquote", "blockquote"),
        ("B", "bold"),
    ],
)
def test_each_tag_becomes_its_entity(tag: str, kind: str) -> None:
    """All of Telegram's plain tags are known, in upper case, too."""
    parsed = parse_html(f"a <{tag}>bc</{tag}>")

    assert parsed.text == "a bc"
    assert parsed.entities == (Entity(kind, 2, 2),)


@pytest.mark.parametrize(
    ("source", "entity"),
    [
        ('<a href="https://a.b/?x=1&amp;y=2">ab</a>', Entity("text_link", 0, 2, (("url", "https://a.b/?x=1&y=2"),))),
        ("<a href='tg://user?id=1'>ab</a>", Entity("text_link", 0, 2, (("url", "tg://user?id=1"),))),
        ("<a>ab</a>", Entity("text_link", 0, 2, (("url", "ab"),))),
        ('<span class="tg-spoiler">ab</span>', Entity("spoiler", 0, 2)),
        ("<blockquote expandable>ab</blockquote>", Entity("expandable_blockquote", 0, 2)),
        ('<tg-emoji emoji-id="53">ab</tg-emoji>', Entity("custom_emoji", 0, 2, (("custom_emoji_id", "53"),))),
        ('<pre><code class="language-sql">ab</code></pre>', Entity("pre", 0, 2, (("language", "sql"),))),
    ],
)
def test_attributes_are_kept(source: str, entity: Entity) -> None:
    """Links, spoilers, quotes, emoji and code blocks carry what their attributes say."""
    parsed = parse_html(source)

    assert parsed.text == "ab"
    assert parsed.entities == (entity,)


def test_offsets_count_utf16_units() -> None:
    """A rocket counts two, as every Telegram client counts."""
    parsed = parse_html("🚀 <b>★ 🚀</b>")

    assert parsed.entities == (Entity("bold", 3, 4),)


def test_nested_entities_come_outermost_first() -> None:
    """Entities that begin together are ordered by length."""
    parsed = parse_html("<b><i>a</i>b</b>")

    assert parsed.entities == (Entity("bold", 0, 2), Entity("italic", 0, 1))


def test_character_references_are_decoded() -> None:
    """The four named ones and numbers; everything else stays as it is."""
    parsed = parse_html("&lt;b&gt; &amp;amp; &quot;x&quot; &#36; &#x24; &nbsp; A & B &#0;")

    assert parsed.text == '<b> &amp; "x" $ $ &nbsp; A & B &#0;'


def test_trimming_moves_the_entities() -> None:
    """Telegram stores texts without white space around them; entities that vanish are dropped."""
    parsed = parse_html(" \n<b> a</b>b <i> </i>").trimmed()

    assert parsed.text == "ab"
    assert parsed.entities == (Entity("bold", 0, 1),)


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("<div>a</div>", 'Unsupported start tag "div" at byte offset 0'),
        ("★ a < b", 'Unsupported start tag "" at byte offset 6'),
        ("<br/>", 'Unsupported start tag "br/" at byte offset 0'),
        ("<b>a", 'Can\'t find end tag corresponding to start tag "b"'),
        ("a</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>a</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x>a</a>', "Unclosed start tag at byte offset 0"),
        ("<b>a</b", "Unclosed end tag at byte offset 4"),
        ("<span>a</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_what_telegram_cannot_parse_is_refused(source: str, reason: str) -> None:
    """The refusal has Telegram's words and the offset in bytes."""
    with pytest.raises(ApiError) as caught:
        parse_html(source)

    assert caught.value.code == 400
    assert caught.value.description == f"Bad Request: can't parse entities: {reason}"
    assert caught.value.permanent
