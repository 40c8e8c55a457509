from random import Random

from domain.deals import Deal
from domain.filters import EXITS, Condition, Filter
from domain.games import GAMES
from domain.levels import LEVELS
from domain.signatures import decides, of_deal, of_filter, of_include, of_title
from domain.traits import CHOICES
from tests.wishes import some_deal, some_filter, some_game


def may_match(game: str, wanted: Filter, bits: int) -> bool:
    return of_filter(game, wanted) & bits == bits


def may_say(wanted: Filter, title: str) -> bool:
    return of_include(wanted) & of_title(title) != 0


def test_no_match_is_ever_refused() -> None:
    """A filter that matches a deal has all of its bits; most that do not match lack one."""
    chance = Random(4)
    refused = unmatched = 0
    for _ in range(5_000):
        game = some_game(chance)
        wanted, deal = some_filter(chance, game), some_deal(chance, game)
        possible = may_match(game, wanted, of_deal(deal)) and may_say(wanted, deal.title)

        assert possible or not wanted.matches(deal), (wanted, deal)
        refused, unmatched = refused + (not possible), unmatched + (not wanted.matches(deal))

    assert refused > unmatched / 3


def test_what_is_not_known_is_refused_at_once() -> None:
    """By whoever asks for it, whatever the values' hashes are; who does not ask takes it."""
    unknown = of_deal(Deal(1, "csgo", "Case", "boost", "instant", 100, 5, 500))
    asking = [
        *(Filter(exteriors=frozenset({one})) for one in CHOICES["csgo"]["exterior"]),
        *(Filter(rarities=frozenset({one})) for one in CHOICES["csgo"]["rarity"]),
        *(Filter(stattrak=flag) for flag in (True, False)),
    ]

    assert may_match("csgo", Filter(), unknown)
    assert not [wanted for wanted in asking if may_match("csgo", wanted, unknown)]


def test_where_it_decides_levels_and_exits_are_exact() -> None:
    """What the amounts let pass and the bits allow is a match."""
    chance = Random(9)
    decided = 0
    for _ in range(5_000):
        game = some_game(chance)
        wanted, deal = some_filter(chance, game), some_deal(chance, game)
        if decides(wanted) and set(wanted.misses(deal)) <= {Condition.LEVEL, Condition.EXIT}:
            decided += 1

            assert may_match(game, wanted, of_deal(deal)) == wanted.matches(deal), (wanted, deal)

    assert decided > 500
    assert not decides(Filter(include=frozenset({"key"})))
    assert not decides(Filter(levels=frozenset({"nonsense"})))


def test_every_signature_fits_its_column() -> None:
    """A bigint without its sign."""
    chance = Random(6)
    for game in GAMES:
        assert 0 < of_filter(game, Filter()) < 2**63
        assert all(0 <= of_deal(some_deal(chance, game)) < 2**63 for _ in range(500))
        assert all(0 < of_include(some_filter(chance, game, most=9)) < 2**63 for _ in range(500))


def test_titles_without_the_words_are_mostly_refused() -> None:
    """A phrase is asked for by its first word; who asks for no word takes any title, an empty one too."""
    assert may_say(Filter(), "")
    assert may_say(Filter(include=frozenset({"night ops", "key"})), "AK-47 | Night Ops")
    assert not may_say(Filter(include=frozenset({"key"})), "AK-47 | Redline (Field-Tested)")
    assert 0 < of_title("★ " * 100 + "word " * 500) < 2**63


def test_levels_and_exits_are_told_apart() -> None:
    """No two share a bit."""
    levels = {of_filter("rust", Filter(levels=frozenset({one}))) for one in LEVELS}
    exits = {of_filter("rust", Filter(exits=frozenset({one}))) for one in EXITS}

    assert len(levels) == len(LEVELS)
    assert len(exits) == len(EXITS)
