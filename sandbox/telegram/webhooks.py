"""Methods that set where updates go. Each takes the world and the parameters, returns `result`."""

import re
from ipaddress import ip_address
from typing import Any
from urllib.parse import SplitResult, urlsplit

from sandbox.telegram.errors import bad_request
from sandbox.telegram.params import Params
from sandbox.telegram.webhook import Target
from sandbox.telegram.world import World

SECRET = re.compile(r"[A-Za-z0-9_-]*")
LONGEST_SECRET = 256
MOST_CONNECTIONS = 100
DEFAULT_CONNECTIONS = 40
PORTS = (80, 88, 443, 8443)


async def set_webhook(world: World, params: Params) -> bool:
    """Deliver updates to `url` from now on, an empty one ends that.

    The real service takes HTTPS on four ports only. Here plain HTTP and any port pass for a loopback address,
    where there is no certificate to be had.
    """
    if not params.text("url"):
        return await delete_webhook(world, params)
    target = _read_target(params)
    allow_updates(world, params)
    if params.flag("drop_pending_updates"):
        world.updates.drop()
    await world.webhook.set(target)
    return True


async def delete_webhook(world: World, params: Params) -> bool:
    if params.flag("drop_pending_updates"):
        world.updates.drop()
    await world.webhook.remove()
    return True


def get_webhook_info(world: World, _params: Params) -> dict[str, Any]:
    return world.webhook.describe()


def allow_updates(world: World, params: Params) -> None:
    """Take over `allowed_updates` if it was given; ApiError 400 if it is no list."""
    if params.text("allowed_updates"):
        world.updates.allow([str(kind) for kind in params.structure("allowed_updates", list)])


def _read_target(params: Params) -> Target:
    secret = params.text("secret_token")
    if len(secret) > LONGEST_SECRET:
        raise bad_request("secret token is too long")
    if not SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    connections = params.integer("max_connections", DEFAULT_CONNECTIONS)
    return Target(_check_url(params.text("url")), secret, max(1, min(connections, MOST_CONNECTIONS)))


def _check_url(url: str) -> str:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise bad_request("invalid webhook URL specified") from error
    if _is_loopback(parts):
        return url
    if parts.scheme != "https" or not parts.hostname:
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if port not in {None, *PORTS}:
        raise bad_request("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    return url


def _is_loopback(parts: SplitResult) -> bool:
    if parts.scheme not in {"http", "https"}:
        return False
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"
