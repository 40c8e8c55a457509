#!/bin/sh
# The one-shot service `migrate`: the newest schema, then users with just the rights that it needs.
set -eu
alembic upgrade head
WORKER_DB_PASSWORD=$(cat "$WORKER_DB_PASSWORD_FILE")
BOT_DB_PASSWORD=$(cat "$BOT_DB_PASSWORD_FILE")
export WORKER_DB_PASSWORD BOT_DB_PASSWORD
python -m migrations.roles
