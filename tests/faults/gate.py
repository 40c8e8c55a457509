"""The way to a simulated service, as a process of its own: killed, it resets and refuses; stopped, it hangs.

`python -m tests.faults.gate PORT TARGET_PORT`
"""

import asyncio
import contextlib
import sys

CHUNK = 65_536
HOST = "127.0.0.1"


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while chunk := await reader.read(CHUNK):
            writer.write(chunk)
            await writer.drain()
    writer.close()


async def main(port: int, target: int) -> None:
    async def pass_on(near_in: asyncio.StreamReader, near_out: asyncio.StreamWriter) -> None:
        try:
            far_in, far_out = await asyncio.open_connection(HOST, target)
        except OSError:
            near_out.transport.abort()
            return
        await asyncio.gather(_pump(near_in, far_out), _pump(far_in, near_out))

    server = await asyncio.start_server(pass_on, HOST, port)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
