"""Price watches of subscribers."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "watches",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("item_id", sa.BigInteger, nullable=False),
        sa.Column("measure", sa.Text, nullable=False),
        sa.Column("turn", sa.Text, nullable=False),
        sa.Column("mark", sa.Integer, nullable=False),
        sa.Column("armed", sa.Boolean, nullable=False, server_default="true"),
        sa.Column("base", sa.Integer),
        sa.Column("base_at", TIME),
        sa.Column("at_most", sa.Integer),
        sa.Column("at_least", sa.Integer),
        sa.Column("seen", sa.Integer),
        sa.Column("seen_at", TIME),
        sa.Column("fired", sa.Integer, nullable=False, server_default="0"),
        sa.Column("fired_at", TIME),
        sa.Column("snoozed_until", TIME),
        sa.Column("look_at", TIME),
        sa.Column("created_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_watches"),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name="fk_watches_chat_id_chats", onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_watches_item_id_items"),
    )
    op.create_index("uq_watches_rule", "watches", ["chat_id", "item_id", "measure", "turn", "mark"], unique=True)
    op.create_index("ix_watches_item_id_measure", "watches", ["item_id", "measure"])
    op.create_index("ix_watches_seen", "watches", ["seen_at"], postgresql_where=sa.text("seen IS NOT NULL"))
    op.create_index("ix_watches_look", "watches", ["look_at"], postgresql_where=sa.text("look_at IS NOT NULL"))


def downgrade() -> None:
    op.drop_table("watches")
