"""A process that only wants to run every 10 ms and writes down when the machine did not let it: `begin end`."""

import time

BEAT = 0.01
GUARD = 0.02  # the rate budget's guard band: what is later than that can stand too close to the next call


def main() -> None:
    last = time.time()
    while True:
        time.sleep(BEAT)  # the beat itself
        now = time.time()
        if now - last > BEAT + GUARD:
            print(f"{last:.3f} {now:.3f}", flush=True)  # noqa: T201  # its only output
        last = now


if __name__ == "__main__":
    main()
