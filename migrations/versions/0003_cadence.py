"""What lets a batch choose its group when it is claimed, and tells how much each group is worth reading."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.add_column("item_groups", sa.Column("worth", sa.Integer(), server_default="1", nullable=False))
    op.add_column("item_groups", sa.Column("edition", sa.Integer(), server_default="0", nullable=False))
    op.add_column("item_groups", sa.Column("arranged_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("item_groups", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
    op.add_column("scan_runs", sa.Column("interval", sa.Integer(), nullable=True))
    op.add_column("scan_batches", sa.Column("edition", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("scan_batches", "edition")
    op.drop_column("scan_runs", "interval")
    op.drop_column("item_groups", "held_until")
    op.drop_column("item_groups", "arranged_at")
    op.drop_column("item_groups", "edition")
    op.drop_column("item_groups", "worth")
