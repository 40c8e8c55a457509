"""Which accounts the exchange still serves: an owner can revoke keys, the exchange can ban their owner."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from sandbox.exchange.replies import UNAUTHORIZED, Reply

BANNED = Reply(403, {"code": "Banned", "message": "the account is banned"})


class StandingError(ValueError):
    """A standing that cannot be given as asked; asking again does not help."""

    permanent = True
    retry_after: float | None = None


class Standing(StrEnum):
    ACTIVE = "active"
    BANNED = "banned"
    REVOKED = "revoked"


@dataclass(slots=True)
class Standings:
    """By public key, where a standing was ever changed."""

    changed: dict[str, Standing] = field(default_factory=dict)

    def switch(self, accounts: Container[str], wanted: Mapping[str, Any]) -> None:
        """Takes {"publicKey", "standing": active, banned or revoked}. Raises StandingError."""
        key, standing = str(wanted.get("publicKey")), wanted.get("standing")
        if key not in accounts:
            raise StandingError(f"publicKey is {key!r}; it must be the key of an account of this exchange")
        if standing not in list(Standing):
            raise StandingError(f"standing is {standing!r}; it must be one of {', '.join(Standing)}")
        self.changed[key] = Standing(standing)

    def of(self, account: str) -> Standing:
        return self.changed.get(account, Standing.ACTIVE)

    def refusal(self, account: str | None) -> Reply | None:
        """What the signer of a request gets instead of an answer, None where it is served (docs/exchange-api.md)."""
        if account is None or self.of(account) is Standing.REVOKED:
            return UNAUTHORIZED
        return BANNED if self.of(account) is Standing.BANNED else None
