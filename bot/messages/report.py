"""The daily report: what was counted, and nothing else."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from bot.messages.settings import KINDS
from bot.messages.wording import game_label
from bot.messages.words import GATES, REASONS, STATES, word
from bot.reply import Say
from bot.speech import Speech, marked
from domain.kinds import DEALS
from models.alerts import AlertState
from models.feedback import Verdict
from models.payloads import GameReport, ReportNews
from models.queries.alerts import Reason

MOST_ENDS = 12  # lines of ends of messages, the most frequent first
VERDICTS: Mapping[str, str] = {
    Verdict.BOUGHT: marked("bought {number}"),
    Verdict.GONE: marked("gone on arrival {number}"),
    Verdict.WRONG: marked("wrong {number}"),
}


def report(payload: Mapping[str, Any], speech: Speech, _now: datetime) -> Say:
    """One message as HTML, at most 4,096 units: every list in it is bounded."""
    news = ReportNews.model_validate(payload)
    blocks = (_head(news, speech), _messages(news, speech), _feedback(news, speech), _games(news, speech))
    return Say("\n\n".join("\n".join(lines) for lines in (*blocks, _rest(news, speech))))


def _head(news: ReportNews, speech: Speech) -> Iterator[str]:
    yield speech.text("📊 <b>Daily report</b>")
    yield f"{speech.moment(news.begin, news.zone)} – {speech.moment(news.end, news.zone)}"


def _messages(news: ReportNews, speech: Speech) -> Iterator[str]:
    total = sum(n for *_, n in news.ends)
    yield speech.plural("<b>Messages</b>: {n} ended", "<b>Messages</b>: {n} ended", total)
    for kind, state, reason, n in news.ends[:MOST_ENDS]:
        end = (word(KINDS, kind, speech), word(STATES, state, speech), word(REASONS, reason, speech))
        yield " · ".join((speech.number(n), *filter(None, end)))
    rest = sum(n for *_, n in news.ends[MOST_ENDS:])
    if rest:
        yield speech.plural("… and {n} more", "… and {n} more", rest)
    late = {Reason.GONE, Reason.MOVED}
    gone = sum(n for kind, _, why, n in news.ends if kind in DEALS and why in late)
    sent = sum(n for kind, state, _, n in news.ends if kind in DEALS and state == AlertState.SENT)
    yield speech.text(
        "Deals: {sent} sent, {gone} gone or changed before their turn, {struck} struck out later",
        sent=speech.number(sent),
        gone=speech.number(gone),
        struck=speech.number(news.struck),
    )
    yield speech.plural("{n} message waits now", "{n} messages wait now", news.waiting)


def _feedback(news: ReportNews, speech: Speech) -> Iterator[str]:
    said = [
        speech.text(VERDICTS[verdict], number=speech.number(n)) for verdict, n in news.feedback if verdict in VERDICTS
    ]
    told = ", ".join(said) or speech.text("none on deals")
    remarks = speech.plural("{n} remark", "{n} remarks", news.remarks)
    yield speech.text("<b>Feedback</b>: {told}; {remarks}", told=told, remarks=remarks)


def _games(news: ReportNews, speech: Speech) -> Iterator[str]:
    yield speech.text("<b>Scans</b>")
    for game in news.games:
        yield _game(game, speech)


def _game(game: GameReport, speech: Speech) -> str:
    line = speech.text(
        "{game}: {scans} done, {expired} cut short, {batches} price calls, {priced} of {titles} titles read, "
        "deals {opened} opened, {closed} ended",
        game=game_label(game.game),
        scans=speech.number(game.scans),
        expired=speech.number(game.expired),
        batches=speech.number(game.batches),
        priced=speech.number(game.priced),
        titles=speech.number(game.titles),
        opened=speech.number(game.opened),
        closed=speech.number(game.closed),
    )
    if game.typical_age is not None and game.oldest_age is not None:
        ages = (speech.age(timedelta(seconds=one)) for one in (game.typical_age, game.oldest_age))
        line += " · " + speech.text("prices {typical} old, at most {oldest}", typical=next(ages), oldest=next(ages))
    return line + (" · " + speech.text("paused by the operators") if game.paused else "")


def _rest(news: ReportNews, speech: Speech) -> Iterator[str]:
    """What titles failed at, by the last look at each, and who came and went."""
    gates = ", ".join(f"{word(GATES, gate, speech)} {speech.number(n)}" for gate, n in news.verdicts)
    yield speech.text("<b>Last verdicts</b>: {gates}", gates=gates or "–")
    yield speech.text(
        "<b>Chats</b>: {active} subscribed now; {joined} new, {stopped} stopped, {blocked} blocked, {deleted} deleted",
        active=speech.number(news.active),
        joined=speech.number(news.joined),
        stopped=speech.number(news.stopped),
        blocked=speech.number(news.blocked),
        deleted=speech.number(news.deleted),
    )
