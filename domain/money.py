"""Money is integer cents and rates are basis points; rounding is against us."""

from typing import TypeAlias

Cents: TypeAlias = int
BasisPoints: TypeAlias = int

ONE = 10_000  # basis points in a whole


def ceil_share(amount: Cents, rate: BasisPoints) -> Cents:
    """`rate` of `amount`, rounded up to a whole cent."""
    return -(-amount * rate // ONE)


def return_on(net: Cents, cost: Cents) -> BasisPoints:
    """`net` gain per `cost` in basis points, rounded down. `cost` must be positive."""
    if cost <= 0:
        raise ValueError(f"a return needs a positive cost, not {cost} cents")
    return net * ONE // cost


def usd(amount: Cents) -> str:
    """Cents as people read them: 1234 is `$12.34`, -5 is `-$0.05`."""
    dollars, cents = divmod(abs(amount), 100)
    return f"{'-' if amount < 0 else ''}${dollars:,}.{cents:02d}"


def percent(rate: BasisPoints) -> str:
    """Basis points as people read them, one decimal, towards zero: 1166 is `11.6%`."""
    tenths = abs(rate) // 10
    whole, rest = divmod(tenths, 10)
    return f"{'-' if rate < 0 < tenths else ''}{whole}.{rest}%"
