"""Messages of every kind in one outbox; manners, mutes, feedback."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0010"
down_revision = "0009"

LIVE = sa.text("state IN ('pending', 'sending')")
WAITING = sa.text("state IN ('pending', 'held')")
OPEN = sa.text("state IN ('pending', 'sending', 'held')")
HELD = sa.text("state = 'held'")
STRIKES = sa.text("strike_due_at IS NOT NULL AND state = 'sent'")
LEASED = sa.text("lease_until IS NOT NULL")
FINISHED = sa.text("finished_at IS NOT NULL")

NEW = ("kind", "key", "priority", "bulk", "turn_at", "silent")  # without a value only while rows are given theirs


def upgrade() -> None:
    _columns()
    _indexes()
    _manners()


def _columns() -> None:
    moment = sa.DateTime(timezone=True)
    op.add_column("alerts", sa.Column("kind", sa.Text))
    op.add_column("alerts", sa.Column("key", sa.Text))
    op.add_column("alerts", sa.Column("payload", JSONB))
    op.add_column("alerts", sa.Column("told", sa.Integer))
    op.add_column("alerts", sa.Column("priority", sa.SmallInteger))
    op.add_column("alerts", sa.Column("bulk", sa.Boolean))
    op.add_column("alerts", sa.Column("turn_at", moment))
    op.add_column("alerts", sa.Column("silent", sa.Boolean))
    op.add_column("alerts", sa.Column("strike_due_at", moment))
    op.add_column("alerts", sa.Column("struck_at", moment))
    op.execute("""
        UPDATE alerts a SET kind = o.exit, key = 'deal:' || a.offer_id || ':' || a.buy, priority = 0, bulk = false,
            turn_at = a.created_at, silent = false
        FROM opportunities o WHERE o.id = a.opportunity_id
    """)
    for name in NEW:
        op.alter_column("alerts", name, nullable=False)
    for name in ("opportunity_id", "offer_id", "buy"):
        op.alter_column("alerts", name, nullable=True)


def _indexes() -> None:
    op.drop_index("ix_alerts_chat_id_offer_id_buy", table_name="alerts")
    op.drop_index("ix_alerts_due", table_name="alerts")
    op.drop_index("ix_alerts_held", table_name="alerts")
    op.drop_index("ix_alerts_expiring", table_name="alerts")
    op.create_index("ix_alerts_chat_id_key", "alerts", ["chat_id", "key"], unique=True)
    op.create_index("ix_alerts_turn", "alerts", ["bulk", "turn_at", "id"], postgresql_where=LIVE)
    op.create_index("ix_alerts_leased", "alerts", ["lease_until", "chat_id"], postgresql_where=LEASED)
    op.create_index("ix_alerts_held", "alerts", ["next_attempt_at"], postgresql_where=HELD)
    op.create_index("ix_alerts_expiring", "alerts", ["expires_at"], postgresql_where=WAITING)
    op.create_index("ix_alerts_waiting", "alerts", ["chat_id"], postgresql_where=OPEN)
    op.create_index("ix_alerts_chat_id_finished_at", "alerts", ["chat_id", "finished_at"], postgresql_where=FINISHED)
    op.create_index("ix_alerts_strikes", "alerts", ["strike_due_at"], postgresql_where=STRIKES)


def _manners() -> None:
    op.create_table(
        "manners",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("kind", sa.Text, nullable=False),
        sa.Column("loudness", sa.Text, nullable=False, server_default="loud"),
        sa.Column("cooldown_seconds", sa.Integer, nullable=False, server_default="0"),
        sa.PrimaryKeyConstraint("chat_id", "kind", name="pk_manners"),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name="fk_manners_chat_id_chats", onupdate="CASCADE", ondelete="CASCADE"
        ),
    )
    op.create_table(
        "mutes",
        sa.Column("chat_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("item_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("until", sa.DateTime(timezone=True)),
        sa.PrimaryKeyConstraint("chat_id", "item_id", name="pk_mutes"),
        sa.ForeignKeyConstraint(
            ["chat_id"], ["chats.id"], name="fk_mutes_chat_id_chats", onupdate="CASCADE", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["item_id"], ["items.id"], name="fk_mutes_item_id_items", ondelete="CASCADE"),
    )
    op.create_table(
        "feedback",
        sa.Column("alert_id", sa.BigInteger, nullable=False, autoincrement=False),
        sa.Column("verdict", sa.Text, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("alert_id", name="pk_feedback"),
        sa.ForeignKeyConstraint(["alert_id"], ["alerts.id"], name="fk_feedback_alert_id_alerts", ondelete="CASCADE"),
    )


def downgrade() -> None:
    for table in ("feedback", "mutes", "manners"):
        op.drop_table(table)
    for index in ("strikes", "chat_id_finished_at", "waiting", "expiring", "held", "leased", "turn", "chat_id_key"):
        op.drop_index(f"ix_alerts_{index}", table_name="alerts")
    op.execute("DELETE FROM alerts WHERE opportunity_id IS NULL")  # the former outbox held nothing but deals
    op.execute("UPDATE alerts SET state = 'pending' WHERE state = 'held'")
    for name in ("opportunity_id", "offer_id", "buy"):
        op.alter_column("alerts", name, nullable=False)
    for name in (
        "struck_at",
        "strike_due_at",
        "silent",
        "turn_at",
        "bulk",
        "priority",
        "told",
        "payload",
        "key",
        "kind",
    ):
        op.drop_column("alerts", name)
    op.create_index("ix_alerts_chat_id_offer_id_buy", "alerts", ["chat_id", "offer_id", "buy"], unique=True)
    op.create_index("ix_alerts_due", "alerts", ["next_attempt_at", "id"], postgresql_where=LIVE)
    op.create_index("ix_alerts_held", "alerts", ["lease_until"], postgresql_where=LIVE)
    op.create_index("ix_alerts_expiring", "alerts", ["expires_at"], postgresql_where=sa.text("state = 'pending'"))
