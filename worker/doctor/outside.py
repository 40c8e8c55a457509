"""DMarket, Telegram and the ports of this machine."""

import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from typing import Any

import requests

from config.settings import Settings, SettingsError
from dmarket.client import Exchange
from dmarket.errors import ExchangeError
from dmarket.member import Member
from models.database import Database
from tasks.services import roster_of
from worker.doctor.finding import Finding

SECONDS = 8.0
MOST_OFF = 30.0  # seconds; the exchange refuses signatures that are two minutes off
MOST_WAITING = 100  # updates
MAKE_NEW = "make new keys, or see whether DMarket has banned the account"
AGAIN = "try again in a minute"
SAME_URL = "restart the bots, all with the same TELEGRAM_WEBHOOK_URL"
OTHER_PORT = "give HTTP_PORT another value"
NTP = "set this machine's clock, run NTP"


def exchange(settings: Settings) -> Iterator[Finding]:
    """Whether the exchange answers, takes each account's signature, and has the same time."""
    yield _clock(settings)
    own = Database(settings.database_url, pool_size=1, name="skinbeat doctor")
    try:
        yield from _accounts(roster_of(settings, own)())
    except SettingsError as error:
        yield Finding("exchange accounts", error.problems[0], "give both keys of each pair, in the same order")
    finally:
        own.dispose()


def _accounts(members: Sequence[Member]) -> Iterator[Finding]:
    """Whether each account's signature is taken, whatever the workers think of it."""
    if not members:
        yield Finding("exchange accounts", "there is none", "add one: celery -A worker keys add NAME")
    for member in members:
        name = f"exchange account {member.standing.name}"
        try:
            user = Exchange(member.transport).user(deadline=time.monotonic() + SECONDS)
        except ExchangeError as error:
            yield Finding(name, str(error).partition("\n")[0], MAKE_NEW if error.permanent else AGAIN)
        else:
            yield Finding(name, f"its signature is taken, it is {user.username}'s")


def _clock(settings: Settings) -> Finding:
    """The difference to the Date of an answer, whatever its status."""
    try:
        asked = time.time()
        answer = requests.head(settings.dmarket_api_url, timeout=SECONDS, allow_redirects=False)
        told = parsedate_to_datetime(answer.headers.get("Date", "")).timestamp()
    except requests.RequestException as error:
        remedy = "see whether this machine reaches it: network, proxy, DMARKET_API_URL"
        return Finding("exchange", f"does not answer ({type(error).__name__})", remedy)
    except ValueError:
        return Finding("exchange", "answers, but does not say what time it has there")
    off = abs(told + 0.5 - (asked + time.time()) / 2)  # a Date has whole seconds, cut off
    return Finding("exchange", f"answers; its clock is {off:.1f} s from this machine's", NTP if off > MOST_OFF else "")


def telegram(settings: Settings) -> Iterator[Finding]:
    """Whether Telegram knows the token, and how updates come."""
    known = _ask(settings, "getMe")
    if isinstance(known, Finding):
        yield known
        return
    yield Finding("telegram", f"knows the token: @{known.get('username')}")
    hook = _ask(settings, "getWebhookInfo")
    yield hook if isinstance(hook, Finding) else _webhook(settings, hook)


def _ask(settings: Settings, method: str) -> dict[str, Any] | Finding:
    """The result of a method of the Bot API. Errors are told by their kind: their text holds the token."""
    token = settings.telegram_bot_token.get_secret_value()
    try:
        answer = requests.get(f"{settings.telegram_api_url}/bot{token}/{method}", timeout=SECONDS)
        body = answer.json()
    except (requests.RequestException, ValueError) as error:
        remedy = "see whether this machine reaches it: network, proxy, TELEGRAM_API_URL"
        return Finding("telegram", f"does not answer ({type(error).__name__})", remedy)
    if answer.status_code in {HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND}:
        return Finding("telegram", "does not know this token", "ask @BotFather for the current one: TELEGRAM_BOT_TOKEN")
    if not isinstance(body, dict) or not isinstance(body.get("result"), dict):
        return Finding("telegram", f"answers {method} with HTTP {answer.status_code}", AGAIN)
    result: dict[str, Any] = body["result"]
    return result


def _webhook(settings: Settings, told: dict[str, Any]) -> Finding:
    """Whether updates come the way that is configured, and are taken."""
    url, wanted = str(told.get("url", "")), settings.telegram_webhook_url
    waiting = int(told.get("pending_update_count") or 0)
    way = "webhook" if url else "polling"
    if bool(url) != bool(wanted) or (wanted and not url.startswith(wanted.rstrip("/"))):
        want = "a webhook" if wanted else "polling"
        return Finding(
            "telegram updates",
            f"come by {way}, configured is {want}",
            SAME_URL,
        )
    if waiting > MOST_WAITING:
        return Finding("telegram updates", f"{waiting} wait to be taken", "see whether a bot runs: python -m bot")
    failed = told.get("last_error_date")
    told_at = f"; the last call failed {datetime.fromtimestamp(failed, UTC):%Y-%m-%d %H:%M} UTC" if failed else ""
    return Finding("telegram updates", f"come by {way}, {waiting} wait{told_at}")


def ports(settings: Settings) -> Iterator[Finding]:
    """Who answers where a process of this environment serves its health."""
    host = "127.0.0.1" if settings.http_host in {"0.0.0.0", "::"} else settings.http_host  # noqa: S104  # compared, not bound
    place = f"{host}:{settings.http_port}"
    if not settings.http_port:
        yield Finding("port", "any free one is taken")
        return
    try:
        answer = requests.get(f"http://{place}/health", timeout=SECONDS / 2)
    except requests.ConnectionError:
        yield Finding("port", f"{place} is free: no process of this environment runs here at the moment")
        return
    except requests.RequestException as error:
        yield Finding("port", f"{place} is taken by something else ({type(error).__name__})", OTHER_PORT)
        return
    ours = answer.status_code == HTTPStatus.OK and "alive" in answer.text
    told = "is served by a process of Skinbeat" if ours else "is taken by another program"
    yield Finding("port", f"{place} {told}", "" if ours else OTHER_PORT)
