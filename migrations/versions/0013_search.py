"""What questions about one title need: its trigrams, to find it by a few words of it, and its former opportunities.

pg_trgm comes with PostgreSQL and is trusted since 13: whoever may CREATE in the database may add it, a superuser is
not needed. Where even that is not allowed, the server's administrator adds it once and this changes nothing.
"""

from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    op.create_index(
        "ix_items_title_words",
        "items",
        ["title"],
        postgresql_using="gin",
        postgresql_ops={"title": "gin_trgm_ops"},
    )
    op.create_index("ix_opportunities_item_id", "opportunities", ["item_id"])


def downgrade() -> None:
    op.drop_index("ix_opportunities_item_id", table_name="opportunities")
    # The extension stays: it may have been there before, and others may use it.
    op.drop_index("ix_items_title_words", table_name="items")
