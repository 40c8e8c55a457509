"""What a check says, and checks run side by side, none of them longer than a person waits."""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Thread

SECONDS = 12.0  # for all checks together: they run side by side


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: `told` is what was seen, `remedy` what to do where that is a problem."""

    what: str
    told: str
    remedy: str = ""

    @property
    def line(self) -> str:
        if self.remedy:
            return f"problem  {self.what}: {self.told} → {self.remedy}"
        return f"ok       {self.what}: {self.told}"


Check = Callable[[], Iterable[Finding]]


def examine(checks: Mapping[str, Check], seconds: float = SECONDS) -> list[Finding]:
    """What every check found, in their order; one that has no answer in time is a finding too."""
    found: dict[str, list[Finding]] = {}
    threads = [Thread(target=_note, args=(found, name, check), daemon=True) for name, check in checks.items()]
    for thread in threads:
        thread.start()
    ends = time.monotonic() + seconds
    for thread in threads:
        thread.join(max(0.0, ends - time.monotonic()))
    told, late = found.copy(), f"no answer within {seconds:g} s"
    remedy = "see whether it is overloaded or the network drops packets"
    return [finding for name in checks for finding in told.get(name, [Finding(name, late, remedy)])]


def _note(found: dict[str, list[Finding]], name: str, check: Check) -> None:
    try:
        found[name] = list(check())
    except Exception as error:  # noqa: BLE001  # a process edge: whatever breaks a check must not end the others
        told = f"the check itself failed ({type(error).__name__})"
        found[name] = [Finding(name, told, "run it again; if it stays so, report it as a fault of Skinbeat")]
