import pytest

from domain.opportunities import worth_telling_again


@pytest.mark.parametrize(("buy", "news"), [(970, True), (971, False), (1000, False), (1100, False), (650, True)])
def test_a_price_is_news_again_when_it_fell_by_three_percent(buy: int, news: bool) -> None:
    """Told at 1000 cents: a dearer one and a cent too little stay silent."""
    assert news is worth_telling_again(1000, buy)
