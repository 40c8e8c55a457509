"""`celery -A worker scan` with arguments nobody meant."""

from random import Random

from click.testing import CliRunner

from domain.games import GAMES
from worker.admin.scan import scan

WORDS = (
    "cs2", "csgo ", "CSGO", "", " ", "--", "-", "--level", "--level=vip", "--level=", "boost", "--wait", "--wait=1",
    "--waiting", "-w",
    "--help=x", "\0", "\udcff", "ä", "'; DROP TABLE items; --", "%s%n", "{run}", "../../x", "x" * 3000, "\x1b[31m",
    "-A", "--level=boost",
)  # fmt: skip


def test_wrong_arguments_end_in_a_sentence() -> None:
    """Exit code 2, the usage and one line that says what is wrong; nothing is begun."""
    rng = Random(20261123)
    runner = CliRunner()
    for _ in range(400):
        arguments = [rng.choice(WORDS) for _ in range(rng.randrange(5))]

        done = runner.invoke(scan, arguments)

        assert done.exit_code == 2, (arguments, done.output, done.exception)
        assert isinstance(done.exception, SystemExit), arguments
        assert "Error: " in done.output, arguments
        assert not set(arguments) & set(GAMES), arguments
