import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from sandbox.servers.errors import ServerError


@dataclass(frozen=True)
class PostgresAccount:
    """How PostgreSQL, which refuses to run as root, is started: a command prefix, and (user id, group id)
    to run as and to own its files. Only those: what root itself writes stays in a folder of root.
    """

    prefix: tuple[str, ...]
    ids: tuple[int, int] | None

    def own(self, entry: Path) -> None:
        """Give a file, or a folder and all in it, to the account, if it is somebody else's."""
        if os.geteuid() != 0:
            return
        user, group = self.ids or (0, 0)
        if entry.stat().st_uid == user:
            return
        for path in (entry, *entry.rglob("*")):
            os.chown(path, user, group, follow_symlinks=False)


def account_for(folder: Path, binaries: Path) -> PostgresAccount:
    """The way that works here: directly for a user with a name; for root as `nobody` if that one can reach folder
    and binaries; else in a user namespace, where we appear as `nobody`. No permissions are opened up.
    """
    nobody = pwd.getpwnam("nobody")
    ids = (nobody.pw_uid, nobody.pw_gid)
    if os.geteuid() != 0 and _has_name(os.geteuid()):
        return PostgresAccount((), None)
    if os.geteuid() == 0 and _can_reach(ids, folder, binaries):
        return PostgresAccount((), ids)
    unshare = shutil.which("unshare")
    prefix = (unshare or "unshare", "--user", f"--map-user={ids[0]}", f"--map-group={ids[1]}")
    if unshare is None or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode != 0:
        raise ServerError(
            f"PostgreSQL runs neither as root nor as a user without a name, the user nobody cannot reach {folder} or "
            f"{binaries}, and user namespaces are switched off; use a folder that everybody may enter, or start as "
            "another user."
        )
    return PostgresAccount(prefix, None)


def _has_name(user: int) -> bool:
    """Containers may run under a number that no account has; initdb does not."""
    try:
        pwd.getpwuid(user)
    except KeyError:
        return False
    return True


def _can_reach(ids: tuple[int, int], folder: Path, binaries: Path) -> bool:
    # Tried rather than computed: mount options and access lists count, too.
    probe = subprocess.run(
        ["/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", folder, binaries / "postgres"],
        user=ids[0],
        group=ids[1],
        extra_groups=(),
        cwd="/",
        capture_output=True,
        check=False,
    )
    return probe.returncode == 0
