"""`python -m tests.hosts`: these tests; where the machine cannot have hosts one line with the reason, exit code 0."""

import sys

import pytest

from tests.hosts.network import obstacle

if reason := obstacle():
    sys.stdout.write(f"not tested: {reason}\n")
else:
    sys.exit(pytest.main(["tests/hosts", *sys.argv[1:]]))
