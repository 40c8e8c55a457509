import signal
import subprocess

from sandbox.servers.guard import end_groups, read_registrations
from sandbox.servers.processes import is_running, poll_until


def test_only_children_that_were_not_reaped_stay_registered() -> None:
    """A `gone` line takes the child out: its process id may belong to somebody else by then."""
    lines = ["add 11 2\n", "add 12 15\n", "gone 11\n", "add 13 15\n"]

    groups = read_registrations(lines)

    assert groups == {12: 15, 13: 15}


def test_deaf_group_is_killed_after_the_grace_period() -> None:
    """The guard asks first and then kills the whole group, the leader's own children too."""
    script = 'trap "" TERM; sh -c \'trap "" TERM; echo $$; while :; do sleep 0.1; done\' & wait; wait'
    with subprocess.Popen(["sh", "-c", script], stdout=subprocess.PIPE, text=True, start_new_session=True) as leader:
        assert leader.stdout is not None
        follower = int(leader.stdout.readline())

        end_groups({leader.pid: signal.SIGTERM}, 0.2)

        assert leader.wait(30) == -signal.SIGKILL
        assert poll_until(lambda: not is_running(follower), 30)


def test_group_that_is_already_gone_is_no_error() -> None:
    """The guard may come late."""
    with subprocess.Popen(["true"], start_new_session=True) as ended:
        ended.wait(30)

    end_groups({ended.pid: signal.SIGTERM}, 0.2)

    assert not is_running(ended.pid)
