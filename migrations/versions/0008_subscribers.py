"""What a chat says about itself: language, zone, quiet hours, digests; open questions."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def _columns() -> list[sa.Column[object]]:
    return [
        sa.Column("language", sa.Text, nullable=False, server_default="en"),
        sa.Column("zone", sa.Text, nullable=False, server_default="UTC"),
        sa.Column("thread_id", sa.BigInteger),
        sa.Column("owner_id", sa.BigInteger),
        sa.Column("snoozed_until", sa.DateTime(timezone=True)),
        sa.Column("quiet_from", sa.SmallInteger),
        sa.Column("quiet_until", sa.SmallInteger),
        sa.Column("daily_cap", sa.SmallInteger),
        sa.Column("digest", sa.Text, nullable=False, server_default="off"),
        sa.Column("digest_group", sa.Text, nullable=False, server_default="game"),
        sa.Column("digest_least", sa.SmallInteger, nullable=False, server_default="3"),
        sa.Column("digest_due_at", sa.DateTime(timezone=True)),
        sa.Column("told_at", sa.DateTime(timezone=True)),
        sa.Column("explained_at", sa.DateTime(timezone=True)),
    ]


def upgrade() -> None:
    for column in _columns():
        op.add_column("chats", column)
    op.create_index(
        "ix_chats_digest_due", "chats", ["digest_due_at"], postgresql_where=sa.text("digest_due_at IS NOT NULL")
    )
    op.create_table(
        "questions",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("user_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("args", sa.ARRAY(sa.Text), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "user_id", name="pk_questions"),
    )


def downgrade() -> None:
    op.drop_table("questions")
    op.drop_index("ix_chats_digest_due", table_name="chats")
    for column in reversed(_columns()):
        op.drop_column("chats", column.name)
