"""Verifications that were given back in order no longer count against their title."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.add_column("nominees", sa.Column("given_back", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("nominees", "given_back")
