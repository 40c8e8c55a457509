"""GET account balance and user (docs/exchange-api.md, Account): cents as text."""

from pydantic import Field

from dmarket.values import Balance, User
from dmarket.wire.fields import Count, Integer, Name, WireModel, validated


class _Balance(WireModel):
    usd: Integer
    available: Integer = Field(alias="usdAvailableToWithdraw")


class _Settings(WireModel):
    targets_limit: Count = Field(alias="targetsLimit")


class _User(WireModel):
    id: Name
    username: Name
    settings: _Settings


def read_balance(endpoint: str, data: object) -> Balance:
    balance = validated(endpoint, _Balance, data)
    return Balance(balance.usd, balance.available)


def read_user(endpoint: str, data: object) -> User:
    user = validated(endpoint, _User, data)
    return User(user.id, user.username, user.settings.targets_limit)
