"""Exchange accounts with encrypted keys; who steered from a shell, in the audit log."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("public_key", sa.Text, nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("added_at", TIME, nullable=False),
        sa.Column("sealed_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_accounts"),
        sa.UniqueConstraint("public_key", name="uq_accounts_public_key"),
    )
    op.add_column("audit", sa.Column("actor", sa.Text))


def downgrade() -> None:
    op.drop_column("audit", "actor")
    op.drop_table("accounts")
