"""A verdict in words: which gate decided and on what numbers (docs/alerts.md, Gates)."""

from collections.abc import Iterator, Mapping
from datetime import timedelta

from bot.speech import Speech, marked
from domain.money import ONE, BasisPoints, Cents
from domain.opportunities import Gate, Numbers

ACCEPTED, UNREADABLE = "accepted", "unreadable"  # what tasks/verify.py records beside the gates
GATES: Mapping[str, str] = {
    Gate.STALE_INPUT: marked("what was read of it was {age} old, too old to decide"),
    Gate.NO_OFFER: marked("nothing on offer can be bought now and listed again"),
    Gate.OUTSIDE_BANDS: marked("its price of {ask} is not within {lowest} to {highest}"),
    Gate.FEW_SALES: marked("{sales} comparable sales in 30 days, at least {least} are needed"),
    Gate.BELOW_LEVEL: marked("at {ask} neither way out brings the {asked} that level {level} asks for"),
    ACCEPTED: marked("it is worth buying"),
    UNREADABLE: marked("DMarket tells nothing about it"),
}
DOUBTS: Mapping[str, str] = {
    "no sale of a listing": marked("no sale of a listing"),
    "more offers ahead than were read": marked("more offers ahead than were read"),
    "too few independent sales": marked("too few independent sales"),
    "last sale too long ago": marked("last sale too long ago"),
    "sales history too short": marked("sales history too short"),
    "sells too slowly": marked("sells too slowly"),
}


def verdict(gate: str, numbers: Numbers, speech: Speech) -> str:
    """Why a title passed or failed, as the end of a sentence; of a gate that is not known "it does not qualify"."""
    if gate not in GATES:
        return speech.text("it does not qualify")
    return speech.text(
        GATES[gate],
        age=speech.age(timedelta(seconds=_number(numbers, "age_seconds"))),
        ask=speech.usd(_number(numbers, "ask")),
        lowest=speech.usd(_number(numbers, "lowest")),
        highest=speech.usd(_number(numbers, "highest")),
        sales=speech.number(_number(numbers, "sales")),
        least=speech.number(_number(numbers, "least")),
        asked=speech.percent(_number(numbers, "least_return_bps")),
        level=str(numbers.get("level")),
    )


def ways_out(numbers: Numbers, speech: Speech) -> Iterator[str]:
    """What each exit would have brought, a line each; none where the verdict did not come that far."""
    for kind, name in (("instant", marked("Sell now")), ("patient", marked("Sell patiently"))):
        sell, brings = numbers.get(f"{kind}_sell"), numbers.get(f"{kind}_return_bps")
        if isinstance(sell, int) and isinstance(brings, int):
            line = speech.text(
                "{way} at {price} → {result}",
                way=speech.text(name),
                price=speech.usd(sell),
                result=speech.percent(brings),
            )
            doubt = DOUBTS.get(str(numbers.get("patient_doubt"))) if kind == "patient" else None
            yield f"▫️ {line}" + (f" ({speech.text(doubt)})" if doubt else "")


def nearest(gate: str, numbers: Numbers, speech: Speech) -> str | None:
    """What would have to be different for the title to pass, where numbers tell."""
    if gate == Gate.FEW_SALES:
        missing = _number(numbers, "least") - _number(numbers, "sales")
        return speech.plural("{n} more sale would do", "{n} more sales would do", missing)
    if gate != Gate.BELOW_LEVEL:
        return None
    price = price_needed(numbers)
    if price is None:
        return speech.text("no way out is proven: there is neither a bid nor a believable sale")
    ask = _number(numbers, "ask")
    share = speech.percent((price - ask) * ONE // ask)
    return speech.text(
        "an offer of {price} ({share}) would do at these bids and sales", price=speech.usd(price), share=share
    )


def price_needed(numbers: Numbers) -> Cents | None:
    """The highest buy price in cents at which an exit of this verdict would have earned the level's return.

    net = proceeds - buy and return = net / buy, so proceeds = buy x (1 + return), and the price sought is
    proceeds / (1 + least return), rounded down. An exit that is not believed does not count.
    """
    ask, least = _number(numbers, "ask"), _number(numbers, "least_return_bps")
    believed = ["instant_return_bps", *([] if numbers.get("patient_doubt") else ["patient_return_bps"])]
    returns: list[BasisPoints] = [brings for name in believed if isinstance(brings := numbers.get(name), int)]
    price = max((ask * (ONE + brings) // (ONE + least) for brings in returns), default=0)
    return price if 0 < price < ask else None


def _number(numbers: Numbers, name: str) -> int:
    """A number of a stored verdict; one that an older version wrote may lack it."""
    value = numbers.get(name)
    return value if isinstance(value, int) else 0
