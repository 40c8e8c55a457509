"""What a digest says, and how a long one is cut."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.messages.digest import digest, parts
from bot.messages.wording import TEXT_LIMIT, units
from bot.speech import LANGUAGES, speech
from domain.windows import Every, Grouping
from models.payloads import DigestDeal, DigestGroup, DigestNews
from tests.factories import NOW, TITLE
from tests.unit.bot.approved import approved
from tests.unit.bot.plain import Plain

ENGLISH = speech("en")


def a_deal(**values: Any) -> DigestDeal:
    defaults: dict[str, Any] = {
        "title": TITLE,
        "variant": "",
        "game": "csgo",
        "level": "medium",
        "buy": 1234,
        "net": 116,
        "return_bps": 940,
        "opened_at": NOW - timedelta(hours=3),
        "gone_at": None,
    }
    return DigestDeal(**(defaults | values))


def a_group(key: str, *deals: DigestDeal, more: int = 0) -> DigestGroup:
    return DigestGroup(key=key, number=len(deals) + more, more=more, deals=deals)


def news(*groups: DigestGroup, grouping: Grouping = Grouping.GAME, every: Every = Every.DAILY) -> DigestNews:
    """The day before NOW on the clock of Berlin."""
    number = sum(group.number for group in groups)
    start = NOW - timedelta(days=1)
    return DigestNews(
        every=every, grouping=grouping, zone="Europe/Berlin", start=start, end=NOW, number=number, groups=groups
    )


def text(one: DigestNews, language: str = "en") -> str:
    return digest(one.model_dump(mode="json"), speech(language), NOW).text


GONE = a_deal(title="Chroma <Case>", level="boost", buy=60, gone_at=NOW - timedelta(hours=3) + timedelta(seconds=40))
RUBY = a_deal(title="★ Karambit | Doppler (Factory New)", variant="Ruby", level="pro", buy=99_900, net=25_000)


@pytest.mark.parametrize(
    ("name", "one"),
    [
        ("game", news(a_group("csgo", RUBY, a_deal(), more=14), a_group("rust", a_deal(game="rust")))),
        ("type", news(a_group("instant", a_deal()), a_group("patient", GONE, more=1), grouping=Grouping.TYPE)),
        ("priority", news(a_group("pro", RUBY), a_group("boost", GONE), grouping=Grouping.PRIORITY)),
        ("time", news(a_group("2026-11-22 06:00:00+00", GONE), grouping=Grouping.TIME, every=Every.HOURLY)),
    ],
)
def test_a_digest_lists_deals_with_what_became_of_them(name: str, one: DigestNews) -> None:
    """The texts are those that a person has read."""
    said = text(one)

    assert said == approved(f"digest_{name}", said)


def test_a_short_digest_is_one_message() -> None:
    """Without a number of its part."""
    assert parts(news(a_group("csgo", a_deal())), ENGLISH) == [news(a_group("csgo", a_deal()))]


titles = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=300)
groups = st.lists(
    st.builds(
        lambda key, titles, more: a_group(key, *(a_deal(title=title, variant=key) for title in titles), more=more),
        st.sampled_from(["csgo", "dota2", "tf2", "rust"]),
        st.lists(titles, min_size=1, max_size=10),
        st.integers(0, 10**6),
    ),
    min_size=1,
    max_size=12,
)


@settings(max_examples=30, deadline=None)
@given(groups, st.sampled_from(sorted(LANGUAGES)), st.sampled_from(sorted(LANGUAGES)))
def test_every_part_fits_its_tags_close_and_no_line_is_lost(found: list[DigestGroup], written: str, sent: str) -> None:
    """Whatever the titles, also when the chat's language changed between writing and sending."""
    whole = news(*found)

    cut = parts(whole, speech(written))

    texts = [text(one, sent) for one in cut]
    assert all(units(one) <= TEXT_LIMIT for one in texts)
    assert all(Plain(one).open == [] for one in texts)
    shown = [deal for one in cut for group in one.groups for deal in group.deals]
    assert shown == [deal for group in found for deal in group.deals]
    assert sum(group.more for one in cut for group in one.groups) == sum(group.more for group in found)
    assert [(one.part, one.parts) for one in cut] == [(place, len(cut)) for place in range(1, len(cut) + 1)]


def test_a_long_digest_takes_few_messages() -> None:
    """Five levels of ten lines with long names: two, not one for each level."""
    long = a_deal(title="StatTrak™ Desert Eagle | Heat Treated (Battle-Scarred)")
    levels = [a_group(level, *[long] * 10, more=3) for level in ("pro", "advanced", "medium", "standard", "boost")]

    assert len(parts(news(*levels, grouping=Grouping.PRIORITY), ENGLISH)) == 2
