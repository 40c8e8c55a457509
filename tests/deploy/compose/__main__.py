"""`python -m tests.deploy.compose`: these tests; without an engine one line with the reason, exit code 0."""

import sys

import pytest

from tests.deploy.compose.engine import obstacle

if reason := obstacle():
    sys.stdout.write(f"not tested: {reason}\n")
else:
    sys.exit(pytest.main(["tests/deploy/compose", "--timeout=900", *sys.argv[1:]]))
