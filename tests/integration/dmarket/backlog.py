"""A worker process with more to ask than it may; its arguments are exchange URL, broker URL and seconds."""

import sys
import threading
import time

from dmarket.budget import Budget, Priority, connect
from dmarket.connections import Connections
from dmarket.endpoints import BALANCE
from dmarket.errors import BudgetExhausted
from dmarket.signing import Credentials
from dmarket.transport import Transport
from tests.integration.dmarket.conftest import PUBLIC, SECRET

THREADS = 4


def ask_until(transport: Transport, deadline: float) -> None:
    try:
        while True:
            transport.call(BALANCE, priority=Priority.SWEEP, deadline=deadline)
    except BudgetExhausted:
        return


def main(exchange: str, broker: str, seconds: str) -> None:
    credentials = Credentials(PUBLIC, SECRET)
    client = connect(broker)
    connections = Connections(exchange)
    transport = Transport(connections, credentials, Budget(client, credentials.account), version="0")
    deadline = time.monotonic() + float(seconds)
    threads = [threading.Thread(target=ask_until, args=(transport, deadline)) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connections.close()
    client.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
