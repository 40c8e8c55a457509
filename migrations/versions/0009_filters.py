"""What each chat wants to be told of, typed and indexed; the traits of deals that filters ask for.

A filter's place on its ring is computed as domain.audience.place. The signatures of the chats that are there already
have all bits: such a filter is looked at exactly for every deal, until it is saved the next time.
"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

PLACE = "(number * 2654435769 % 4294967296 / 2)::integer"
TEXTS = ("words", "exterior", "rarity", "phase", "hero", "quality", "slot", "effect", "killstreak", "type")
FLAGS = ("stattrak", "souvenir", "craftable")
CHOICES = (
    *("include", "exclude", "exteriors", "rarities", "phases", "heroes", "qualities", "slots", "classes", "effects"),
    *("killstreaks", "types"),
)
MOVED = ("games", "levels", "min_net", "min_return_bps")
INCLUDED = (
    *(
        "chat_id",
        "signature",
        "word_bits",
        "min_net",
        "min_return_bps",
        "price_from",
        "price_to",
        "min_sales_tenths",
        "max_age",
    ),
    "decided",
)


def upgrade() -> None:
    _filters()
    _move()
    for name in MOVED:
        op.drop_column("chats", name)
    for column in _traits():
        op.add_column("opportunities", column)
    op.create_index("ix_chats_snoozed", "chats", ["id"], postgresql_where=sa.text("snoozed_until IS NOT NULL"))
    op.create_index("ix_opportunities_game_opened_at", "opportunities", ["game", "opened_at"])


def _filters() -> None:
    texts = sa.ARRAY(sa.Text)
    op.create_table(
        "filters",
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("game", sa.Text, nullable=False),
        sa.Column("number", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("place", sa.Integer, sa.Computed(PLACE, persisted=True), nullable=False),
        sa.Column("signature", sa.BigInteger, nullable=False),
        sa.Column("word_bits", sa.BigInteger, nullable=False),
        sa.Column("min_net", sa.Integer, nullable=False),
        sa.Column("min_return_bps", sa.Integer, nullable=False),
        sa.Column("price_from", sa.Integer, nullable=False),
        sa.Column("price_to", sa.Integer),
        sa.Column("min_sales_tenths", sa.Integer, nullable=False),
        sa.Column("max_age", sa.Integer),
        sa.Column("float_from", sa.Integer),
        sa.Column("float_below", sa.Integer),
        sa.Column("fit", sa.SmallInteger, nullable=False),
        sa.Column("on", sa.Boolean, nullable=False),
        sa.Column("active", sa.Boolean, nullable=False),
        sa.Column("decided", sa.Boolean, nullable=False),
        *(sa.Column(name, sa.Boolean) for name in FLAGS),
        *(sa.Column(name, texts, nullable=False) for name in ("levels", "exits")),
        *(sa.Column(name, texts) for name in CHOICES),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name="fk_filters_chat_id_chats", onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("chat_id", "game", name="pk_filters"),
    )
    op.create_index(
        "ix_filters_walk",
        "filters",
        ["game", "fit", "place"],
        postgresql_include=list(INCLUDED),
        postgresql_where=sa.text('"on" AND active'),
    )
    # Matching reads the index alone as long as most pages are known to be visible, which a vacuum notes.
    op.execute("""
        ALTER TABLE filters SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02,
            autovacuum_analyze_scale_factor = 0.02)
    """)


def _move() -> None:
    op.execute("""
        INSERT INTO filters (chat_id, game, signature, word_bits, min_net, min_return_bps, price_from,
            min_sales_tenths, fit, "on", active, decided, levels, exits)
        SELECT c.id, g.game, 9223372036854775807, 9223372036854775807, c.min_net, c.min_return_bps, 0, 0,
            (cardinality(c.levels) < 5)::int + (c.min_net <> 0)::int + (c.min_return_bps <> 0)::int,
            g.game = ANY (c.games), c.state = 'active', false, c.levels, ARRAY['instant', 'patient']
        FROM chats c, unnest(ARRAY['csgo', 'dota2', 'tf2', 'rust']) AS g (game)
    """)


def _traits() -> list[sa.Column[Any]]:
    return [
        sa.Column("sales_tenths", sa.Integer, nullable=False, server_default="0"),
        sa.Column("listed_at", sa.DateTime(timezone=True)),
        *(sa.Column(name, sa.Text, nullable=False, server_default="") for name in TEXTS),
        sa.Column("classes", sa.ARRAY(sa.Text), nullable=False, server_default="{}"),
        *(sa.Column(name, sa.Boolean) for name in FLAGS),
        sa.Column("float_millionths", sa.Integer),
    ]


def downgrade() -> None:
    op.drop_index("ix_opportunities_game_opened_at", table_name="opportunities")
    op.drop_index("ix_chats_snoozed", table_name="chats")
    for column in _traits():
        op.drop_column("opportunities", column.name)
    _move_back()
    op.drop_index("ix_filters_walk", table_name="filters")
    op.drop_table("filters")


def _move_back() -> None:
    """What one filter for all games can say: the games that are on, and of the rest what takes most."""
    for name, kind, default in (
        ("games", sa.ARRAY(sa.Text), "{}"),
        ("levels", sa.ARRAY(sa.Text), "{}"),
        ("min_net", sa.Integer, "0"),
        ("min_return_bps", sa.Integer, "0"),
    ):
        op.add_column("chats", sa.Column(name, kind, nullable=False, server_default=default))
    op.execute("""
        UPDATE chats c SET games = f.games, min_net = f.min_net, min_return_bps = f.min_return_bps,
            levels = ARRAY(SELECT DISTINCT unnest(levels) FROM filters WHERE chat_id = c.id AND "on")
        FROM (
            SELECT chat_id, array_agg(game) AS games, min(min_net) AS min_net, min(min_return_bps) AS min_return_bps
            FROM filters WHERE "on" GROUP BY chat_id
        ) f WHERE f.chat_id = c.id
    """)
    for name in MOVED:
        op.alter_column("chats", name, server_default=None)
