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
    """The way that works here: directly if not root; else as `nobody` if that one can reach folder and
    binaries; else in a user namespace, where root appears as another user. No permissions are opened up.
    """
    if os.geteuid() != 0:
        return PostgresAccount((), None)
    nobody = pwd.getpwnam("nobody")
    ids = (nobody.pw_uid, nobody.pw_gid)
    if _can_reach(ids, folder, binaries):
        return PostgresAccount((), ids)
    unshare = shutil.which("unshare")
    prefix = (unshare or "unshare", "--user", "--map-user=1000", "--map-group=1000")
    if unshare is None or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode != 0:
        raise ServerError(
            f"PostgreSQL does not run as root, the user nobody cannot reach {folder} or {binaries}, and user "
            "namespaces are switched off; use a folder that everybody may enter, or start as another user."
        )
    return PostgresAccount(prefix, None)


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
