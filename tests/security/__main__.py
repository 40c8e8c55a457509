"""`python -m tests.security`: every check, one line each; exit code 1 where one found something.

`python -m tests.security baseline` takes what looks like a secret now as looked at.
"""

import sys

from tests.security.checks import CHECKS, renew_baseline


def check_all() -> int:
    found = False
    for name, check in CHECKS.items():
        finding = check()
        word = "found something" if not finding.good else "ok" if finding.asked else "not asked"
        text = "" if finding.good and finding.asked else finding.text
        sys.stdout.write(f"{name}: {word}{': ' if text else ''}{text}\n")
        found = found or not finding.good
    return 1 if found else 0


if sys.argv[1:] == ["baseline"]:
    renew_baseline()
else:
    sys.exit(check_all())
