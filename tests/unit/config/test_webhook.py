"""Where Telegram is to send updates."""

import pytest

from config.settings import load
from tests.unit.config.test_settings import FULL, problems_of


@pytest.mark.parametrize(
    "url", ["https://bots.example.org/hook", "https://example.org", "http://127.0.0.1:8443/hook", "http://localhost/x"]
)
def test_https_is_taken_and_plain_http_on_this_machine(url: str) -> None:
    """The latter is for the simulated Telegram."""
    assert load({**FULL, "TELEGRAM_WEBHOOK_URL": url}, "bot").telegram_webhook_url == url


@pytest.mark.parametrize("url", ["http://example.org/hook", "ftp://example.org", "example.org/hook", "https://"])
def test_what_telegram_would_not_call_is_refused(url: str) -> None:
    """In one sentence."""
    (problem,) = problems_of({**FULL, "TELEGRAM_WEBHOOK_URL": url}, "bot")

    assert problem.startswith("TELEGRAM_WEBHOOK_URL: must ")


@pytest.mark.parametrize("secret", ["canary key", "canary!", "c" * 257])
def test_a_secret_that_telegram_would_not_take_is_refused_and_not_shown(secret: str) -> None:
    """The sentence says which characters it may have."""
    (problem,) = problems_of({**FULL, "TELEGRAM_WEBHOOK_SECRET": secret}, "bot")

    assert problem.startswith("TELEGRAM_WEBHOOK_SECRET: must be 1 to 256 of the characters A-Z")
    assert secret not in problem


def test_the_secret_does_not_show_in_the_settings() -> None:
    """Neither in repr() nor in str()."""
    settings = load({**FULL, "TELEGRAM_WEBHOOK_SECRET": "canary_secret"}, "bot")

    assert "canary" not in repr(settings) + str(settings)
