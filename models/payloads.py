"""What a message that is no deal will say: values as JSON, put into words in the chat's language when it is sent."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict

from domain.money import BasisPoints, Cents


class WatchNews(BaseModel):
    """A watch that fired: `value` was read at `seen_at`, `former` at `former_at`; cents, or pieces for a count."""

    model_config = ConfigDict(frozen=True)

    watch_id: int
    game: str
    title: str
    measure: str
    turn: str
    mark: int
    value: int
    seen_at: datetime
    former: int | None
    former_at: datetime | None


class DigestDeal(BaseModel):
    """One line of a digest; `gone_at` is None for a deal that was still open when the digest was written."""

    model_config = ConfigDict(frozen=True)

    title: str
    variant: str
    game: str
    level: str
    buy: Cents
    net: Cents
    return_bps: BasisPoints
    opened_at: datetime
    gone_at: datetime | None


class DigestGroup(BaseModel):
    """The first deals of a group that has `number`, and `more` that are not shown.

    `key` is an exit, a game, a level or the start of its time.
    """

    model_config = ConfigDict(frozen=True)

    key: str
    number: int
    more: int
    deals: tuple[DigestDeal, ...]


class DigestNews(BaseModel):
    """One of the `parts` messages of a window's digest; times are shown on the clock of `zone`."""

    model_config = ConfigDict(frozen=True)

    every: str
    grouping: str
    zone: str
    start: datetime
    end: datetime
    number: int
    groups: tuple[DigestGroup, ...]
    part: int = 1
    parts: int = 1


class NearMiss(BaseModel):
    """The best deal that missed a filter by one condition (domain.filters.Condition).

    `had` is what the deal has and `asked` what the filter asks for, in the unit of the condition; both None where the
    condition is no number.
    """

    model_config = ConfigDict(frozen=True)

    title: str
    game: str
    condition: str
    had: int | None = None
    asked: int | None = None


class SilenceNews(BaseModel):
    """Why a chat was told nothing for `hours`: the cause (domain.silence.Cause) and how many deals it concerns.

    `since` is when a trouble or a snooze that is the cause began or ended, on the clock of `zone`.
    """

    model_config = ConfigDict(frozen=True)

    cause: str
    hours: int
    number: int
    zone: str
    since: datetime | None = None
    miss: NearMiss | None = None


class SummaryDeal(BaseModel):
    """One deal that quiet hours kept back and that is still open."""

    model_config = ConfigDict(frozen=True)

    game: str
    title: str
    level: str
    offer_id: str
    buy: Cents
    net: Cents
    return_bps: BasisPoints


class SummaryNews(BaseModel):
    """What quiet hours from `begin` to `end` kept back: `matched` deals, of which `still` are open, the best named.

    `waiting` messages of other kinds follow. Times are shown on the clock of `zone`.
    """

    model_config = ConfigDict(frozen=True)

    begin: datetime
    end: datetime
    zone: str
    matched: int
    still: int
    best: tuple[SummaryDeal, ...]
    waiting: int


class NoticeNews(BaseModel):
    """What the operators say: `text` is HTML. With a `user_id` it is plain, what that person told them in `chat_id`."""

    model_config = ConfigDict(frozen=True)

    text: str
    user_id: int | None = None
    chat_id: int | None = None


class GameReport(BaseModel):
    """One game over the time of a report: scans that got through, that ran out of time, batches that were read.

    Of `titles` in the catalogue `priced` have a price that was read within it; the ages of groups are in seconds at
    its end: the typical one and the oldest, None without any.
    """

    model_config = ConfigDict(frozen=True)

    game: str
    paused: bool
    scans: int
    expired: int
    batches: int
    titles: int
    priced: int
    typical_age: int | None
    oldest_age: int | None
    opened: int
    closed: int


class ReportNews(BaseModel):
    """What happened from `begin` to `end`, counted. `ends` are (kind, state, reason, number) of the outbox.

    `verdicts` are (gate, number) of the last decision on each title that was decided on. Chats `joined`, `stopped`,
    were `blocked` or `deleted` themselves; `active` is now.
    """

    model_config = ConfigDict(frozen=True)

    begin: datetime
    end: datetime
    zone: str
    ends: tuple[tuple[str, str, str, int], ...]
    struck: int
    waiting: int
    feedback: tuple[tuple[str, int], ...]
    remarks: int
    games: tuple[GameReport, ...]
    verdicts: tuple[tuple[str, int], ...]
    active: int
    joined: int
    stopped: int
    blocked: int
    deleted: int
