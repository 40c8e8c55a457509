"""What lets a batch look at its changed prices alone, and tells how lively a price is."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.add_column("item_groups", sa.Column("judged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("prices", sa.Column("churn", sa.Integer(), server_default="0", nullable=False))
    op.add_column("prices", sa.Column("promising", sa.Boolean(), server_default="false", nullable=False))


def downgrade() -> None:
    op.drop_column("prices", "promising")
    op.drop_column("prices", "churn")
    op.drop_column("item_groups", "judged_at")
