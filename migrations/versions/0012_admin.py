"""Roles, bans, the audit log, paused games, broadcasts, remarks; what is left of chats that were deleted."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0012"
down_revision = "0011"

TIME = sa.DateTime(timezone=True)
UNFINISHED = sa.text("state IN ('sending', 'cancelled') AND finished_at IS NULL")


def upgrade() -> None:
    _roles()
    _steering()
    _broadcasts()
    _privacy()


def _roles() -> None:
    op.create_table(
        "user_roles",
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("role", sa.Text, nullable=False),
        sa.Column("granted_by", sa.BigInteger, nullable=False),
        sa.Column("granted_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_user_roles"),
    )
    op.create_table(
        "bans",
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("banned_by", sa.BigInteger, nullable=False),
        sa.Column("banned_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_bans"),
    )


def _steering() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("action", sa.Text, nullable=False),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("detail", JSONB, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_table(
        "game_pauses",
        sa.Column("game", sa.Text, nullable=False),
        sa.Column("paused_by", sa.BigInteger, nullable=False),
        sa.Column("paused_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("game", name="pk_game_pauses"),
    )


def _broadcasts() -> None:
    op.create_table(
        "broadcasts",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("author_id", sa.BigInteger, nullable=False),
        sa.Column("texts", JSONB, nullable=False),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("changed_at", TIME, nullable=False),
        sa.Column("confirmed_at", TIME),
        sa.Column("expires_at", TIME),
        sa.Column("cursor", sa.BigInteger),
        sa.Column("written", sa.Integer, nullable=False, server_default="0"),
        sa.Column("finished_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
    )
    op.create_index("ix_broadcasts_unfinished", "broadcasts", ["id"], postgresql_where=UNFINISHED)
    op.create_index(
        "ix_alerts_notices", "alerts", ["key", "state"], postgresql_where=sa.text("kind = 'notice'")
    )  # a broadcast's progress, and what is left of one that was cancelled


def _privacy() -> None:
    op.create_table(
        "remarks",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
    )
    op.create_index("ix_remarks_user_id_at", "remarks", ["user_id", "at"])
    op.create_index("ix_remarks_chat_id", "remarks", ["chat_id"])
    op.create_table(
        "departed",
        sa.Column("at", TIME, nullable=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("at", "kind", "state", "reason", name="pk_departed"),
    )
    op.add_column("chats", sa.Column("left_at", TIME))
    op.create_index("ix_chats_owner_id", "chats", ["owner_id"], postgresql_where=sa.text("owner_id IS NOT NULL"))
    # What a report of one day reads; without a chat, which the index by chat has.
    op.create_index(
        "ix_alerts_finished_at", "alerts", ["finished_at"], postgresql_where=sa.text("finished_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_alerts_finished_at", table_name="alerts")
    op.drop_index("ix_chats_owner_id", table_name="chats")
    op.drop_column("chats", "left_at")
    op.drop_index("ix_alerts_notices", table_name="alerts")
    for table in ("departed", "remarks", "broadcasts", "game_pauses", "audit", "bans", "user_roles"):
        op.drop_table(table)
