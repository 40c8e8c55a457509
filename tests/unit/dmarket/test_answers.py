"""Bodies become JSON or a typed error that can be logged."""

import pytest

from dmarket.answers import read_answer
from dmarket.connections import Answer
from dmarket.errors import Malformed
from tests.factories import NOW


def read(body: bytes, status: int = 200) -> object:
    return read_answer("prices", Answer(status, {"Content-Type": "application/json"}, body, 0.1, 0.0), NOW)


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1e9999999999999999999}',
        b'{"a": 1' + b"0" * 5000 + b"}",
        b"[" * 100_000,
        b'{"a": NaN}',
        b'{"a": 1} 2',
        b"\xff",
    ],
)
def test_what_no_reader_of_json_takes_is_malformed(body: bytes) -> None:
    """An exponent beyond every decimal, a number of thousands of digits, endless nesting: never another error."""
    with pytest.raises(Malformed, match="the answer is not whole JSON"):
        read(body)


def test_a_quoted_answer_cannot_draw_on_a_terminal() -> None:
    """Control characters of a body are replaced in the error that quotes it; words stay."""
    with pytest.raises(Malformed) as caught:
        read(b"sorry \x1b[2J\x07\x00 we are\xe2\x80\xae down")

    assert str(caught.value).isprintable()
    assert "sorry" in str(caught.value)
    assert "we are" in str(caught.value)
