"""What admins and everybody read of the operators' side: bounded, escaped, counted and not guessed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.keyboards import admin as keyboards
from bot.limits import Usage
from bot.messages import admin, broadcast
from bot.messages.report import report
from bot.messages.wording import TEXT_LIMIT, units
from bot.speech import LANGUAGES, speech
from bot.steering import last_day
from bot.typed_html import UnreadableError, cleaned
from models.alerts import AlertState
from models.audit import AuditRow
from models.chats import ChatState
from models.payloads import GameReport, NoticeNews, ReportNews
from models.queries.alerts import Reason
from models.queries.panel import Person
from models.queries.roles import Role, may
from tests.factories import NOW
from tests.unit.bot.approved import approved
from tests.unit.bot.plain import Plain

EN = speech("en")
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("5 < 6 & 7 > 2", "5 &lt; 6 &amp; 7 &gt; 2"),
        ("I <3 you", "I &lt;3 you"),
        ("<B>bold</b> &amp; <i>more</i>", "<b>bold</b> &amp; <i>more</i>"),
        ("<a href='https://a.b/?x=1&y=\"2\"'>x</a>", '<a href="https://a.b/?x=1&amp;y=&quot;2&quot;">x</a>'),
        ("  <code>a\nb</code>  ", "<code>a\nb</code>"),
    ],
)
def test_typed_html_is_written_as_telegram_takes_it(typed: str, written: str) -> None:
    """What is no tag reads as it was typed."""
    assert cleaned(typed) == written


@pytest.mark.parametrize(
    ("typed", "tag", "unclosed"),
    [
        ("<b>x", "b", True),
        ("x</b>", "/b", False),
        ("<b><i>x</b></i>", "/b", False),
        ("<script>x</script>", "script", False),
        ("<b onclick='x'>y</b>", "b", False),
        ("<a href='javascript:x'>y</a>", "a", False),
        ("<b><b>x</b></b>", "b", False),
        ("<!-- x -->", "!-- x ", False),
    ],
)
def test_what_telegram_would_refuse_is_named(typed: str, tag: str, unclosed: bool) -> None:
    """The tag that is wrong, and whether it is only not closed."""
    with pytest.raises(UnreadableError) as error:
        cleaned(typed)

    assert (error.value.tag, error.value.unclosed) == (tag, unclosed)
    assert broadcast.unreadable(error.value, EN).startswith(("The tag", "Telegram does not take"))


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_any_text_is_refused_or_becomes_html_that_reads_the_same(typed: str) -> None:
    """Nothing that an admin can type gets past the reader half read."""
    try:
        written = cleaned(typed)
    except UnreadableError:
        return

    assert Plain(written).open == []


@given(st.text(max_size=4096), st.sampled_from(sorted(LANGUAGES)))
def test_a_remark_always_fits_and_is_never_html(text: str, language: str) -> None:
    """Whatever somebody writes to the operators."""
    news = NoticeNews(text=text, user_id=2**52, chat_id=-(2**52)).model_dump(mode="json")
    said = broadcast.notice(news, speech(language), NOW).text

    assert units(said) <= TEXT_LIMIT
    assert Plain(said).open == []


def a_report(**values: object) -> ReportNews:
    game = GameReport(
        game="csgo", paused=True, scans=1440, expired=2, batches=28_800, titles=20_000, priced=19_990, typical_age=40,
        oldest_age=230, opened=31, closed=29,
    )  # fmt: skip
    bare = game.model_copy(update={"game": "rust", "paused": False, "typical_age": None, "oldest_age": None})
    defaults: dict[str, object] = {
        "begin": NOW - 24 * HOUR,
        "end": NOW,
        "zone": "Europe/Berlin",
        "ends": (
            ("instant", "sent", "delivered", 900),
            ("instant", "suppressed", "gone", 41),
            ("patient", "suppressed", "moved", 9),
            ("notice", "suppressed", "gone", 5),
        ),
        "struck": 12,
        "waiting": 1,
        "feedback": (("bought", 3), ("gone", 2), ("wrong", 1)),
        "remarks": 1,
        "games": (game, bare),
        "verdicts": (("below_level", 4000), ("few_sales", 300)),
        "active": 120,
        "joined": 7,
        "stopped": 2,
        "blocked": 1,
        "deleted": 1,
    }
    return ReportNews.model_validate(defaults | values)


def test_the_report_reads_as_approved() -> None:
    """Every number with what it counts."""
    text = report(a_report().model_dump(mode="json"), EN, NOW).text

    assert text == approved("report", text)


def test_a_day_without_anything_is_a_report_too() -> None:
    """Zeros, and no line for what there is not."""
    nothing = a_report(ends=(), feedback=(), verdicts=(), games=(), remarks=0, struck=0, waiting=0)
    text = report(nothing.model_dump(mode="json"), EN, NOW).text

    assert text == approved("report_nothing", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_longest_report_fits_one_message(language: str) -> None:
    """Every end that there can be, for every kind and game, with large numbers."""
    ends = [
        (kind, state, why, 10**9) for kind in ("instant", "watch", "digest") for state in AlertState for why in Reason
    ]
    game = a_report().games[0].model_copy(update={"titles": 10**9, "batches": 10**9})
    news = a_report(ends=ends, games=[game] * 4, verdicts=[("outside_bands", 10**9)] * 5)

    assert units(report(news.model_dump(mode="json"), speech(language), NOW).text) <= TEXT_LIMIT


def test_the_audit_log_says_what_was_done_to_whom() -> None:
    """On the reader's clock, shells by name; an action of a later version shows as it is stored; nothing is HTML."""
    rows = [
        AuditRow(at=NOW, user_id=900, action="ban", subject="501", detail={"chats": 1, "alerts": 0, "former": None}),
        AuditRow(at=NOW, user_id=900, action="<new>", subject="<b>", detail={"<k>": "<v>"}),
        AuditRow(at=NOW, user_id=0, actor="cli:<ops>", action="pause_game", subject="csgo", detail={}),
    ]

    assert admin.audit(rows, "UTC", EN).splitlines()[2:] == [
        "22 Nov, 12:00 · <code>900</code> banned 501 (chats: 1, alerts: 0)",
        "22 Nov, 12:00 · <code>900</code> &lt;new&gt; &lt;b&gt; (&lt;k&gt; &lt;v&gt;)",
        "22 Nov, 12:00 · <code>cli:&lt;ops&gt;</code> paused CS2",
    ]


def test_what_an_admin_may_press_depends_on_both() -> None:
    """Nobody bans somebody with a role; only owners see buttons for roles; a banned person gets none."""
    plain = Person(501, None, banned=False, state=ChatState.ACTIVE, groups=0)
    banned, viewer = Person(1, None, banned=True, state=None, groups=2), Person(2, Role.VIEWER, False, None, 0)

    def offered(one: Person, role: Role) -> set[str]:
        return {button.route for row in keyboards.person(one, role, EN) for button in row} - {"menu", keyboards.PANEL}

    assert offered(plain, Role.ADMIN) == {keyboards.LIFT, keyboards.BAN}
    assert offered(banned, Role.OWNER) == {keyboards.LIFT, keyboards.UNBAN}
    assert offered(viewer, Role.ADMIN) == {keyboards.LIFT}
    assert offered(viewer, Role.OWNER) == {keyboards.LIFT, keyboards.SET_ROLE}
    assert [may(role, Role.ADMIN) for role in (None, *Role)] == [False, False, True, True]


def test_a_person_is_shown_with_what_they_asked_for() -> None:
    """Limits that are reached name the wait."""
    usages = [Usage("export", 2, timedelta(seconds=50)), Usage("search", 1, timedelta())]
    text = admin.person(Person(501, Role.OWNER, False, ChatState.BLOCKED, 1), usages, EN)

    assert text.splitlines() == [
        "<b>Person 501</b>",
        "Role: 👑 Owner",
        "Private chat: has blocked the bot",
        "1 group subscribed by them",
        "",
        "Exports: 2 within a minute, must wait 50 s",
        "Searches: 1 within a minute",
    ]


@pytest.mark.parametrize(
    ("now", "begin", "end"),
    [
        (datetime(2026, 3, 29, 12, tzinfo=UTC), (28, 8), (29, 7)),
        (datetime(2026, 3, 29, 5, tzinfo=UTC), (28, 8), (29, 7)),
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), (28, 8), (29, 7)),
    ],
)
def test_a_report_is_of_the_day_until_nine(now: datetime, begin: tuple[int, int], end: tuple[int, int]) -> None:
    """By the clock on the wall in Berlin, also on the day that has 23 hours."""
    found = last_day(now, "Europe/Berlin")

    assert [(one.astimezone(UTC).day, one.astimezone(UTC).hour) for one in found] == [begin, end]
