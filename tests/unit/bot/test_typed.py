import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.typed import basis_points, cents, count, float_range, hours, phrases, price_range, seconds, tenths, traits


@pytest.mark.parametrize(
    ("text", "amount"),
    [("12.50", 1250), ("$12,50", 1250), (" 12 $ ", 1200), ("0.05", 5), ("0.5", 50), ("999999.99", 99_999_999)],
)
def test_dollars_become_cents(text: str, amount: int) -> None:
    """With a point or a comma, with the sign or without."""
    assert cents(text) == amount


@pytest.mark.parametrize("text", ["", "1,000", "1.234,56", "-5", "5.005", "1e3", "٣", "five", "$", "1000000", "inf"])
def test_an_amount_that_could_mean_two_things_is_refused(text: str) -> None:
    """A comma before three digits may part thousands."""
    assert cents(text) is None


@given(st.integers(0, 99_999_999))
def test_every_amount_is_read_as_it_is_written(amount: int) -> None:
    """To the cent, without a float in between."""
    assert cents(f"${amount // 100}.{amount % 100:02d}") == amount


@pytest.mark.parametrize(
    ("text", "rate"), [("5%", 500), ("5", 500), ("7,5 %", 750), ("0.1", 10), ("7.55%", None), ("%", None)]
)
def test_percent_become_basis_points(text: str, rate: int | None) -> None:
    """To the tenth, as they are shown."""
    assert basis_points(text) == rate


@pytest.mark.parametrize(("text", "rate"), [("1.5", 15), ("3", 30), ("0,1", 1), ("1.55", None), ("-1", None)])
def test_sales_a_day_become_tenths(text: str, rate: int | None) -> None:
    """One decimal."""
    assert tenths(text) == rate


@pytest.mark.parametrize(
    ("text", "number"), [("1", 1), (" 25 ", 25), ("1000", 1000), ("0", None), ("1001", None), ("2.5", None)]
)
def test_a_number_is_whole_and_within_its_bounds(text: str, number: int | None) -> None:
    """From one on."""
    assert count(text, 1000) == number


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("45 s", 45),
        ("10min", 600),
        ("2 h", 7200),
        ("1 D", 86_400),
        ("10 мин.", 600),
        ("90", None),
        ("0 s", None),
        ("9 y", None),
    ],
)
def test_a_span_names_its_unit(text: str, span: int | None) -> None:
    """A number alone could be anything."""
    assert seconds(text) == span


def test_a_span_that_no_column_holds_is_refused() -> None:
    """69 years are no age of an offer."""
    assert seconds("999999 d") is None


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("3-25", (300, 2500)),
        ("3.50 – 25 $", (350, 2500)),
        ("3-", (300, None)),
        ("-25", (None, 2500)),
        ("5-5", (500, 500)),
    ],
)
def test_a_range_of_prices_may_be_open(text: str, ends: tuple[int | None, int | None]) -> None:
    """On one side, not on both."""
    assert price_range(text) == ends


@pytest.mark.parametrize("text", ["25-3", "-", "", "3", "1-2-3", "a-5", "3-b"])
def test_what_is_no_range_is_refused(text: str) -> None:
    """One number alone could be either end."""
    assert price_range(text) is None


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("0.07-0.15", (70_000, 150_000)),
        ("0,9-", (900_000, None)),
        ("-0.000001", (None, 1)),
        ("0-1", (0, 1_000_000)),
        ("0.15-0.07", None),
        ("0.5-0.5", None),
        ("0.5-1.5", None),
        ("7-15", None),
    ],
)
def test_floats_lie_between_zero_and_one(text: str, ends: tuple[int | None, int | None] | None) -> None:
    """In millionths; an empty range is none."""
    assert float_range(text) == ends


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("23:30-8", (1410, 480)),
        ("22–7", (1320, 420)),
        ("0-24", None),
        ("22-24", (1320, 0)),
        ("8-8", None),
        ("25-8", None),
        ("8:60-9", None),
        ("8", None),
    ],
)
def test_hours_are_read_as_on_a_clock(text: str, span: tuple[int, int] | None) -> None:
    """From and until; the same twice would be the whole day or nothing."""
    assert hours(text) == span


def test_lists_are_parted_by_commas_and_lines() -> None:
    """And spelled as titles are searched, and as the exchange's values are kept."""
    assert phrases("Karambit, night OPS; ,|\nAK-47") == {"karambit", "night ops", "ak 47"}
    assert traits("Phantom Assassin,Lina,, ") == {"phantom-assassin", "lina"}
    assert phrases("| , …") == frozenset()


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read_or_refused(text: str) -> None:
    """Nothing raises."""
    for read in (cents, basis_points, tenths, seconds, price_range, float_range, hours, phrases, traits):
        read(text)

    assert count(text, 5) in {None, 1, 2, 3, 4, 5}
