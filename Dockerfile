# Four images: `runtime` is what runs everywhere, `tools` adds PostgreSQL's own programs for backup and restore;
# `build` stays behind. Base images are pinned by tag; docs/deployment.md tells how to pin them by digest.
FROM python:3.11.14-slim-trixie AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /app
COPY requirements.lock requirements-dev.lock ./
RUN python -m venv /opt/venv && /opt/venv/bin/pip install --no-deps --require-hashes -r requirements.lock
# setuptools builds and then goes; the lock of the development tools has its hashes.
RUN sed -n '/^setuptools==/,/[^\\]$/p' requirements-dev.lock > /tmp/setuptools.lock \
    && /opt/venv/bin/pip install --no-deps --require-hashes -r /tmp/setuptools.lock
COPY pyproject.toml alembic.ini ./
COPY bot/ bot/
COPY config/ config/
COPY dmarket/ dmarket/
COPY domain/ domain/
COPY migrations/ migrations/
COPY models/ models/
COPY tasks/ tasks/
COPY telemetry/ telemetry/
COPY worker/ worker/
COPY deploy/migrate.sh deploy/probe.py deploy/
RUN /opt/venv/bin/pip install --no-deps --no-build-isolation -e . \
    && /opt/venv/bin/pip uninstall --yes --quiet setuptools pip \
    && rm requirements.lock requirements-dev.lock \
    && /opt/venv/bin/python -m compileall -q /app \
    && MPLCONFIGDIR=/opt/venv/matplotlib /opt/venv/bin/python -c "import matplotlib.font_manager"


FROM python:3.11.14-slim-trixie AS runtime

# The number is what `runAsNonRoot` and file owners outside see; a name alone would not tell them.
RUN groupadd --gid 10001 skinbeat \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin skinbeat \
    && install -d -o skinbeat -g skinbeat -m 700 /var/lib/flower /var/lib/backups
COPY --from=build /opt/venv /opt/venv
COPY --from=build /app /app
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    ENVIRONMENT=production HTTP_HOST=0.0.0.0 HTTP_PORT=8000 MPLCONFIGDIR=/opt/venv/matplotlib
WORKDIR /app
USER 10001:10001
EXPOSE 8000
# Alive, without I/O, whatever else is broken: an orchestrator that restarts the unhealthy must not do it for a lost
# database. The compose file asks /ready instead, to show the operator more.
HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=3 CMD ["python", "deploy/probe.py", "/health"]
CMD ["celery", "-A", "worker", "worker"]


FROM runtime AS tools

USER 0
RUN apt-get update && apt-get install --yes --no-install-recommends postgresql-client-17 && rm -rf /var/lib/apt/lists/*
USER 10001:10001
HEALTHCHECK NONE
CMD ["python", "-m", "migrations.backup", "--help"]


# What is built without --target.
FROM runtime
