"""What keeps claims and the reaper quick with a large backlog."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

LIVE = sa.text("state IN ('pending', 'sending')")
PENDING = sa.text("state = 'pending'")
OPEN = sa.text("state = 'open'")


def upgrade() -> None:
    op.create_index("ix_alerts_held", "alerts", ["lease_until"], postgresql_where=LIVE)
    op.create_index("ix_alerts_expiring", "alerts", ["expires_at"], postgresql_where=PENDING)
    op.create_index("ix_opportunities_game", "opportunities", ["game"], postgresql_where=OPEN)


def downgrade() -> None:
    op.drop_index("ix_opportunities_game", table_name="opportunities")
    op.drop_index("ix_alerts_expiring", table_name="alerts")
    op.drop_index("ix_alerts_held", table_name="alerts")
