"""Functions for the two things that only the tables' owner may do, so that a worker needs no more rights than rows.

They run with the rights of whoever migrates. What they take is a date, so nobody else's table can be named.
"""

from alembic import op

revision = "0004"
down_revision = "0003"

MAKE = """
CREATE FUNCTION make_history_partition(day date) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
BEGIN
    IF day NOT BETWEEN DATE '2020-01-01' AND DATE '2200-01-01' OR day IS NULL THEN
        RAISE EXCEPTION 'price history is kept from 2020 to 2200, not on %', day;
    END IF;
    EXECUTE format(
        'CREATE TABLE public.%I PARTITION OF public.price_history FOR VALUES FROM (%L) TO (%L)',
        'price_history_' || to_char(day, 'YYYYMMDD'), day || ' 00:00:00+00', (day + 1) || ' 00:00:00+00'
    );
END
$body$
"""
DROP = """
CREATE FUNCTION drop_history_partitions(before date) RETURNS SETOF text
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $body$
DECLARE
    name text;
BEGIN
    IF before > (now() AT TIME ZONE 'UTC')::date OR before IS NULL THEN
        RAISE EXCEPTION 'price history of today and later is not dropped, asked for all before %', before;
    END IF;
    FOR name IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'public.price_history'::regclass AND c.relname ~ '^price_history_[0-9]{8}$'
          AND c.relname < 'price_history_' || to_char(before, 'YYYYMMDD')
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE public.%I', name);
        RETURN NEXT name;
    END LOOP;
END
$body$
"""


def upgrade() -> None:
    for statement in (MAKE, DROP):
        op.execute(statement)
    op.execute("REVOKE ALL ON FUNCTION make_history_partition(date), drop_history_partitions(date) FROM PUBLIC")


def downgrade() -> None:
    op.execute("DROP FUNCTION make_history_partition(date), drop_history_partitions(date)")
