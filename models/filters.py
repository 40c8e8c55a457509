"""What each chat wants to hear of each game, as typed columns: domain.filters.Filter."""

from sqlalchemy import ARRAY, BigInteger, Computed, ForeignKey, Identity, Index, SmallInteger, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.chats import Chat

PLACE = "(number * 2654435769 % 4294967296 / 2)::integer"  # domain.audience.place
WALKED = text('"on" AND active')


class FilterRow(Table):
    """One chat's wishes for one game; every chat has a row for each game.

    NULL asks for nothing; amounts in cents, basis points, sales a day times ten, seconds and millionths. `include` and
    `exclude` are patterns for LIKE over `opportunities.words`. Beside the wishes stands what makes matching quick:
    `active` says that the chat is, `fit` and `place` give the order (domain/audience.py). `signature` has the bits of
    all deals that it may match, `word_bits` those of the words it asks for, and `decided` says that they and the
    amounts decide alone (domain/signatures.py).
    """

    __tablename__ = "filters"
    __table_args__ = (
        Index(
            "ix_filters_walk",
            "game",
            "fit",
            "place",
            postgresql_include=[
                "chat_id",
                "signature",
                "word_bits",
                "min_net",
                "min_return_bps",
                "price_from",
                "price_to",
                "min_sales_tenths",
                "max_age",
                "decided",
            ],
            postgresql_where=WALKED,
        ),
    )

    chat_id: Mapped[int] = mapped_column(ForeignKey(Chat.id, onupdate="CASCADE", ondelete="CASCADE"), primary_key=True)
    game: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    place: Mapped[int] = mapped_column(Computed(PLACE, persisted=True))
    signature: Mapped[int] = mapped_column(BigInteger)
    word_bits: Mapped[int] = mapped_column(BigInteger)
    min_net: Mapped[int]
    min_return_bps: Mapped[int]
    price_from: Mapped[int]
    price_to: Mapped[int | None]
    min_sales_tenths: Mapped[int]
    max_age: Mapped[int | None]
    float_from: Mapped[int | None]
    float_below: Mapped[int | None]
    fit: Mapped[int] = mapped_column(SmallInteger)
    on: Mapped[bool]
    active: Mapped[bool]
    decided: Mapped[bool]
    stattrak: Mapped[bool | None]
    souvenir: Mapped[bool | None]
    craftable: Mapped[bool | None]
    levels: Mapped[list[str]] = mapped_column(ARRAY(Text))
    exits: Mapped[list[str]] = mapped_column(ARRAY(Text))
    include: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    exclude: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    exteriors: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    rarities: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    phases: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    heroes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    qualities: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    slots: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    classes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    effects: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    killstreaks: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    types: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
