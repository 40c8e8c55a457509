from datetime import datetime, timedelta

import pytest

from bot.commands import COMMANDS
from bot.messages.status import Games, degraded, status
from bot.messages.top import top
from bot.messages.welcome import farewell, known, usage, welcome
from bot.speech import speech
from bot.upstream import Outlook
from domain.conditions import NEEDED, Part, Trouble
from domain.filters import Filter
from domain.games import GAMES
from domain.levels import LEVELS
from models.queries.conditions import Standing
from models.queries.overview import GameOverview, Ranked
from tests.factories import NOW
from tests.unit.bot.approved import approved
from tests.unit.bot.plain import Plain
from tests.unit.bot.proofs import a_proof

MINUTE = timedelta(minutes=1)
WELL = Outlook(Standing(workers=2, seen_at=NOW))


EN = speech("en")


def ago(**span: int) -> datetime:
    return NOW - timedelta(**span)


def a_game(**values: object) -> GameOverview:
    """A game that was scanned 20 s ago."""
    fresh: dict[str, object] = {
        "scanned_at": ago(seconds=20),
        "titles": 34_500,
        "oldest": ago(seconds=70),
        "newest": ago(seconds=21),
        "opportunities": 2,
    }
    return GameOverview(**(fresh | values))  # type: ignore[arg-type]  # a test's keywords


def all_games() -> Games:
    return {
        "csgo": (a_game(), MINUTE),
        "dota2": (a_game(scanned_at=ago(minutes=9), opportunities=1), MINUTE),
        "tf2": (GameOverview(), MINUTE),
        "rust": (a_game(), None),
    }


def in_trouble(*parts: Part, own: tuple[Trouble, ...] = ()) -> Outlook:
    """Workers that fail at these parts, the first for 3 minutes, each next one for a minute longer."""
    troubles = tuple(Trouble(part, ago(minutes=3 + number)) for number, part in enumerate(parts))
    return Outlook(Standing(2, NOW, troubles), own)


@pytest.mark.parametrize(
    ("game", "says"),
    [
        (a_game(), None),
        (a_game(scanned_at=ago(minutes=3)), None),
        (
            a_game(scanned_at=ago(minutes=3, seconds=1)),
            "late, the last scan finished 3 min ago, one is due every 1 min",
        ),
        (a_game(expired=True), "the last scan did not finish in time"),
        (GameOverview(), "no scan has finished yet"),
    ],
)
def test_a_game_is_late_after_three_missed_scans_or_an_expired_one(game: GameOverview, says: str | None) -> None:
    """Late by more than three intervals, never scanned, or given up."""
    assert degraded({"csgo": (game, MINUTE)}, EN, NOW) == ([f"⚠️ CS2: {says}"] if says else [])


def test_games_in_one_state_share_a_line() -> None:
    """On a fresh system nothing was scanned yet; games that are off, and one alone, change nothing of that."""
    fresh: Games = {key: (GameOverview(), MINUTE) for key in GAMES}
    off: Games = {**fresh, "rust": (GameOverview(), None)}
    late: Games = {**fresh, "rust": (a_game(), MINUTE)}

    assert degraded(fresh, EN, NOW) == degraded(off, EN, NOW) == ["⚠️ All games: no scan has finished yet"]
    assert degraded(late, EN, NOW) == [f"⚠️ {name}: no scan has finished yet" for name in ("CS2", "Dota 2", "TF2")]
    assert [line for line in welcome(True, {}, fresh, EN, NOW)[0].splitlines() if "no scan" in line] == [
        "⚠️ All games: no scan has finished yet"
    ]


def test_a_game_that_is_switched_off_is_never_degraded() -> None:
    """Nobody expects fresh prices of it."""
    assert degraded({"rust": (GameOverview(), None)}, EN, NOW) == []


def test_status_reads_as_approved() -> None:
    """One block a game: in order, late, never scanned, switched off."""
    (text,) = status(all_games(), WELL, subscribed=True, speech=EN, now=NOW)

    assert text == approved("status", text)


def test_status_tells_who_is_not_subscribed() -> None:
    """Silence has a reason, and the way out is named."""
    (text,) = status(all_games(), WELL, subscribed=False, speech=EN, now=NOW)

    assert text.endswith("This chat is not subscribed: /start changes that.")


def test_top_reads_as_approved() -> None:
    """Two lines each, in the order given, with a warning for what is late."""
    proofs = [
        a_proof(),
        a_proof(game="tf2", title="A <B> & C", exit="patient", level="boost"),
        a_proof(exit="patient", days_to_sell=None, variant_label="Ruby"),
    ]
    (text,) = top([Ranked(proof, ago(seconds=40)) for proof in proofs], all_games(), WELL, EN, NOW)

    assert text == approved("top", text)


def test_an_empty_top_says_when_was_looked() -> None:
    """Nothing open is only worth something with the age of the last look, and only about games that are scanned."""
    (text,) = top([], all_games(), WELL, EN, NOW)

    assert text == approved("top_empty", text)


@pytest.mark.parametrize("part", sorted(NEEDED))
def test_nothing_open_never_reads_as_no_deals_while_deals_are_missed(part: Part) -> None:
    """Whatever is unreadable or out of reach, /top says that it cannot tell, and why."""
    (text,) = top([], {"csgo": (a_game(), MINUTE)}, in_trouble(part), EN, NOW)

    assert text.startswith("⚠️ I cannot tell whether there is an opportunity right now.\n")
    assert "No open opportunity" not in text
    assert " for 3 min — " in text


@pytest.mark.parametrize("outlook", [Outlook(Standing()), Outlook(Standing(seen_at=ago(minutes=5)))])
def test_nothing_open_without_any_worker_is_not_no_deals(outlook: Outlook) -> None:
    """Nobody looked, whether one ever ran or not."""
    (text,) = top([], {"csgo": (a_game(), MINUTE)}, outlook, EN, NOW)

    assert text.startswith("⚠️ I cannot tell")
    assert "No scanner is running" in text


def test_nothing_open_with_every_game_late_is_not_no_deals() -> None:
    """As when beat has died: the workers are well, and nothing is scanned."""
    (text,) = top([], {"csgo": (a_game(scanned_at=ago(minutes=9)), MINUTE)}, WELL, EN, NOW)

    assert text.startswith("⚠️ I cannot tell")


def test_nothing_open_and_everything_well_is_no_deals() -> None:
    """A fee list that cannot be read leaves the last one, so it makes nothing uncertain."""
    games = {"csgo": (a_game(), MINUTE), "rust": (a_game(), None)}

    assert top([], games, WELL, EN, NOW)[0].startswith("No open opportunity right now.\n")
    assert top([], games, in_trouble(Part.FEES), EN, NOW)[0].startswith("No open opportunity right now.\n")


def test_what_is_open_says_that_it_may_be_gone_while_nothing_can_be_confirmed() -> None:
    """With the ages of the newest and the oldest proof."""
    ranked = [Ranked(a_proof(), ago(minutes=4)), Ranked(a_proof(), ago(seconds=50))]
    (text,) = top(ranked, {"csgo": (a_game(), MINUTE)}, in_trouble(Part.OFFERS), EN, NOW)

    assert text == approved("top_degraded", text)


def test_status_in_trouble_reads_as_approved() -> None:
    """What fails comes first with its meaning, and no game is called in order."""
    outlook = in_trouble(Part.OFFERS, Part.BROKER, Part.FEES, own=(Trouble(Part.TELEGRAM, ago(seconds=30)),))
    (text,) = status(all_games(), outlook, subscribed=True, speech=EN, now=NOW)

    assert text == approved("status_degraded", text)


def test_ten_long_titles_still_fit_telegrams_limit() -> None:
    """Ten opportunities with titles of 800 signs become several messages, none too long."""
    texts = top([Ranked(a_proof(title="★<" * 400), NOW)] * 10, all_games(), WELL, EN, NOW)

    assert len(texts) > 1
    assert all(len(Plain(text).text.encode("utf-16-le")) // 2 <= 4096 for text in texts)


EVERYTHING = dict.fromkeys(GAMES, Filter())


def test_welcome_reads_as_approved() -> None:
    """What is watched, what to expect, what is not as it should be, and the first question."""
    (text,) = welcome(first=True, wishes=EVERYTHING, games=all_games(), speech=EN, now=NOW)

    assert text == approved("welcome", text)


def test_who_comes_back_is_not_asked_again() -> None:
    """A chat that was subscribed before has its language."""
    (text,) = welcome(first=False, wishes=EVERYTHING, games=all_games(), speech=EN, now=NOW)

    assert text.startswith("✅ <b>Subscribed.</b> Watching CS2")
    assert "Step 1" not in text


def test_a_second_start_names_every_game_and_level() -> None:
    """The text follows the tables."""
    games = dict.fromkeys(GAMES, (a_game(), MINUTE))
    (text,) = known(moved=False, wishes=EVERYTHING, games=games, speech=EN, now=NOW)

    assert all(game.label in text for game in GAMES.values())
    assert all(level.emoji in text and level.key in text for level in LEVELS.values())
    assert "⚠️" not in text


def test_a_second_start_says_that_nothing_changed() -> None:
    """It keeps the chat's own filter."""
    pro = Filter(levels=frozenset({"pro"}))
    wishes = {game: pro if game == "csgo" else Filter(on=False) for game in GAMES}
    (text,) = known(moved=False, wishes=wishes, games=all_games(), speech=EN, now=NOW)

    assert text.startswith("✅ <b>You are subscribed already.</b>\nWatching CS2 · 💎 pro.")
    assert "boost" not in text


def test_stop_says_what_it_did() -> None:
    """Also to a chat that was not subscribed."""
    assert farewell(was_active=True, speech=EN) == [
        "Stopped. No more alerts come to this chat; /start brings them back."
    ]
    assert farewell(was_active=False, speech=EN) == [
        "This chat was not subscribed, so nothing changes. /start subscribes it."
    ]


def test_help_lists_every_command() -> None:
    """Generated from the list of commands."""
    (text,) = usage([("top", "the best"), ("help", "all of it")], {"csgo": MINUTE, "rust": None}, EN)

    assert text == approved("help", text)


def test_commands_have_distinct_names_that_telegram_takes() -> None:
    """1 to 32 lower-case letters, digits and underscores."""
    names = list(COMMANDS)

    assert all(name.isidentifier() and name.islower() and len(name) <= 32 for name in names)
