"""`python deploy/probe.py /ready`: exit code 0 where this container's process answers 200, 1 where it does not."""

import http.client
import os
import sys

SECONDS = 4


def answer(path: str, port: int) -> tuple[int, str]:
    """Status and body of what listens on `port` of this container; 0 and the reason where nothing does."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode(errors="replace")
    except (OSError, http.client.HTTPException) as error:
        return 0, str(error)
    finally:
        connection.close()


if __name__ == "__main__":
    status, text = answer(sys.argv[1], int(os.environ.get("PROBE_PORT") or os.environ.get("HTTP_PORT") or "8000"))
    sys.stdout.write(f"{status} {text}\n")  # `docker inspect` shows it
    sys.exit(0 if status == http.HTTPStatus.OK else 1)
