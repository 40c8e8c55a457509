"""Price watches: what a chat waits for, and the values at which something happens next."""

from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Table
from models.chats import Chat
from models.items import Item


class Watch(Table):
    """A chat's watch of a title (domain.watches.Rule and Stand).

    `at_most` and `at_least` are the marks that follow from the rest, so that a price is compared with nothing else.
    `base_at` is when `base` was read. A price that met a mark is kept in `seen`, read at `seen_at`, until a bot has
    looked at it; only the first one is. `fired` counts the firings. A watch is left alone until `snoozed_until`.
    At `look_at` a bot looks at the price although it did not change.
    """

    __tablename__ = "watches"
    __table_args__ = (
        Index("uq_watches_rule", "chat_id", "item_id", "measure", "turn", "mark", unique=True),
        Index(None, "item_id", "measure"),
        Index("ix_watches_seen", "seen_at", postgresql_where=text("seen IS NOT NULL")),
        Index("ix_watches_look", "look_at", postgresql_where=text("look_at IS NOT NULL")),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    chat_id: Mapped[int] = mapped_column(ForeignKey(Chat.id, onupdate="CASCADE", ondelete="CASCADE"))
    item_id: Mapped[int] = mapped_column(ForeignKey(Item.id))
    measure: Mapped[str]
    turn: Mapped[str]
    mark: Mapped[int]
    armed: Mapped[bool] = mapped_column(server_default="true")
    base: Mapped[int | None]
    base_at: Mapped[datetime | None]
    at_most: Mapped[int | None]
    at_least: Mapped[int | None]
    seen: Mapped[int | None]
    seen_at: Mapped[datetime | None]
    fired: Mapped[int] = mapped_column(server_default="0")
    fired_at: Mapped[datetime | None]
    snoozed_until: Mapped[datetime | None]
    look_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
