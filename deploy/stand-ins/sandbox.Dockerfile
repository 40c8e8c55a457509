# The simulated exchange and Telegram of `make test-deploy`, on top of the image under test.
ARG IMAGE=skinbeat:test
FROM ${IMAGE}
USER 0
ENV PIP_CERT=/etc/ssl/certs/ca-certificates.crt PYTHONPATH=/app
COPY requirements-dev.lock /tmp/
RUN sed -n 's/^\([A-Za-z0-9._-]*==[^ ;]*\).*/\1/p' /tmp/requirements-dev.lock > /tmp/pinned \
    && python -m venv /opt/sandbox && /opt/sandbox/bin/pip install --quiet --constraint /tmp/pinned aiohttp orjson cryptography
COPY sandbox/ /app/sandbox/
COPY deploy/stand-ins/telegram.py /app/deploy/stand-ins/
USER 10001:10001
ENTRYPOINT ["/opt/sandbox/bin/python"]
