"""What the bot says to those with a role, and of a person's data, with the buttons, for any language."""

from collections.abc import Mapping

from bot.keyboards import admin as keyboards
from bot.limits import Usage
from bot.messages import admin, broadcast, privacy
from bot.messages.report import report
from bot.reply import Say
from bot.speech import Speech
from bot.typed_html import UnreadableError
from models.audit import AuditRow
from models.broadcasts import BroadcastState
from models.chats import ChatState
from models.payloads import GameReport, NoticeNews, ReportNews
from models.queries.audit import Action
from models.queries.broadcasts import OTHERS, Progress
from models.queries.panel import Numbers, Person
from models.queries.roles import Refusal, Role
from tests.factories import NOW
from tests.unit.bot.cards import ago
from tests.unit.bot.courses import DAY
from tests.unit.bot.scenes import GAMES, ZONE, Scene

PAUSED = {"csgo": True, "rust": False}
DRAFT = Progress(
    id=3,
    state=BroadcastState.DRAFT,
    texts={OTHERS: "Maintenance at <b>20:00</b>.", "de": "Wartung um <b>20:00</b>."},
    version=2,
    recipients=12,
    written=12,
    sent=9,
    waiting=2,
    not_sent=1,
    finished=False,
)
SENDING = Progress(3, BroadcastState.SENDING, DRAFT.texts, 2, 12, 12, 9, 2, 1, finished=True)


def panelled(speech: Speech, _title: str) -> list[Say]:
    """The panel, games, two people, roles, why a role stays, and the log with every action."""
    numbers = Numbers({ChatState.ACTIVE: 1_234, ChatState.STOPPED: 21, ChatState.BLOCKED: 5}, 812, 3, 1)
    banned = Person(501, None, banned=True, state=ChatState.STOPPED, groups=1)
    helper = Person(502, Role.ADMIN, banned=False, state=None, groups=5)
    usages = (Usage("search", 4, DAY * 0), Usage("export", 2, NOW - ago(seconds=50)))
    log = [AuditRow(at=NOW, user_id=1, action=one.value, subject="501", detail={"chats": 2}) for one in Action]
    return [
        Say(admin.panel(numbers, GAMES, speech, NOW), keyboards.panel(Role.OWNER, speech)),
        Say(admin.games(PAUSED, speech), keyboards.games(PAUSED, speech)),
        Say(admin.find_person(speech)),
        Say(admin.person(banned, usages, speech), keyboards.person(banned, Role.OWNER, speech)),
        Say(admin.person(helper, (), speech), keyboards.person(helper, Role.OWNER, speech)),
        *(Say(text) for text in admin.roles({1: Role.OWNER, 502: Role.ADMIN, 503: Role.VIEWER}, [1], speech)),
        *(Say(admin.refused(why, speech)) for why in Refusal),
        Say(admin.audit(log, ZONE, speech), keyboards.audit(1, 2, speech)),
        Say(admin.audit([], ZONE, speech)),
    ]


def broadcasted(speech: Speech, title: str) -> list[Say]:
    """From the question to the end, and what a person told the operators."""
    news = NoticeNews(text=title, user_id=501, chat_id=501).model_dump(mode="json")
    errors = (UnreadableError("b", unclosed=True), UnreadableError("h1", unclosed=False))
    return [
        Say(broadcast.home(speech), keyboards.broadcasts(3, speech)),
        Say(broadcast.ask_text(speech)),
        Say(broadcast.ask_wording("de", speech)),
        *(Say(broadcast.unreadable(error, speech)) for error in errors),
        Say(broadcast.too_long("x" * 5_000, speech)),
        *(Say(broadcast.refused(key, "<why>", speech), keyboards.refused(3, key, speech)) for key in (OTHERS, "de")),
        Say(broadcast.preview(DRAFT, speech), keyboards.preview(DRAFT, speech)),
        Say(broadcast.progress(SENDING, speech), keyboards.progress(SENDING, speech)),
        broadcast.notice(news, speech, NOW),
    ]


def reported(speech: Speech, _title: str) -> list[Say]:
    game = GameReport(
        game="csgo",
        paused=True,
        scans=2_870,
        expired=3,
        batches=990_150,
        titles=34_501,
        priced=34_480,
        typical_age=15,
        oldest_age=70,
        opened=412,
        closed=409,
    )
    news = ReportNews(
        begin=NOW - DAY,
        end=NOW,
        zone=ZONE,
        ends=(("instant", "sent", "delivered", 812), ("patient", "suppressed", "gone", 41)),
        struck=700,
        waiting=1,
        feedback=(("bought", 12), ("gone", 31), ("wrong", 1)),
        remarks=2,
        games=(game,),
        verdicts=(("below_level", 30_111), ("accepted", 21)),
        active=1_234,
        joined=12,
        stopped=2,
        blocked=1,
        deleted=1,
    )
    empty = news.model_copy(update={"ends": (), "feedback": (), "verdicts": (), "games": ()})
    return [report(one.model_dump(mode="json"), speech, NOW) for one in (news, empty)]


def owned(speech: Speech, _title: str) -> list[Say]:
    """Export, deletion, feedback."""
    says = (privacy.exported, privacy.delete_question, privacy.deleted, privacy.unknown)
    more = (privacy.feedback_question, privacy.thanks)
    return [Say(say(speech)) for say in (*says, *more)]


SCENES: Mapping[str, Scene] = {
    "admin": panelled,
    "broadcast": broadcasted,
    "report": reported,
    "privacy": owned,
}
