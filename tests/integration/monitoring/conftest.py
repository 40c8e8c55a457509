from tests.integration.worker.conftest import environ, exchange, start

__all__ = ["environ", "exchange", "start"]
