"""The base images: pulled where a registry can be reached, else stand-ins from Debian's packages and this CPython."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[3]
STAND_INS = ROOT / "deploy" / "stand-ins"
DEBIAN = "skinbeat-stand-in:debian"
SUITE = "trixie"
PACKAGES = (
    "ca-certificates,libssl3t64,libffi8,libsqlite3-0,libbz2-1.0,liblzma5,libreadline8t64,zlib1g,libuuid1,"
    "postgresql-17,postgresql-client-17,valkey-server,rabbitmq-server,prometheus,prometheus-alertmanager,wget"
)
BUNDLE = Path("/etc/ssl/certs/ca-certificates.crt")
PULL_SECONDS = 300
# The last part of an image's name is the stage of deploy/stand-ins/Dockerfile that stands in for it.
STAGES = ("python", "postgres", "valkey", "rabbitmq", "prometheus", "alertmanager")
LEFT_OUT = ("test", "__pycache__", "site-packages", "config-*")  # of CPython: 900 of its 960 MB


class ImageError(Exception):
    """An image can neither be pulled nor made here; trying again helps once what the text names is there."""

    permanent = True
    retry_after: float | None = None


def bases() -> dict[str, str]:
    """Each base image that the Dockerfile and the compose file pin, by the stage that stands in for it."""
    text = (ROOT / "Dockerfile").read_text() + (ROOT / "docker-compose.prod.yml").read_text()
    found = re.findall(r"^(?:FROM| +image:) (\S+:\S+)", text, re.MULTILINE)
    names = {image.rpartition(":")[0].rpartition("/")[2]: image for image in found}
    return {stage: names[stage] for stage in STAGES}


def provide(environ: dict[str, str], folder: Path) -> list[str]:
    """Make sure that every base image is there; the names of those that are stand-ins.

    The variable STAND_INS saves the try to pull.
    """
    missing = {stage: image for stage, image in bases().items() if not _there(image, environ)}
    if not environ.get("STAND_INS"):
        missing = {stage: image for stage, image in missing.items() if not _pulled(image, environ)}
    if missing:
        context = _context(environ, folder)
        for stage, image in missing.items():
            _docker(environ, "build", "--quiet", "--target", stage, "--tag", image, str(context))
        shutil.rmtree(context)
    return [image for image in bases().values() if _label(image, environ)]


def _there(image: str, environ: dict[str, str]) -> bool:
    command = ["docker", "image", "inspect", image]
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0


def _pulled(image: str, environ: dict[str, str]) -> bool:
    command = ["timeout", str(PULL_SECONDS), "docker", "pull", "--quiet", image]
    return subprocess.run(command, env=environ, capture_output=True, check=False).returncode == 0


def _label(image: str, environ: dict[str, str]) -> bool:
    form = '{{ index .Config.Labels "skinbeat.stand-in" }}'
    command = ["docker", "image", "inspect", "--format", form, image]
    return "true" in subprocess.run(command, env=environ, capture_output=True, text=True, check=False).stdout


def _context(environ: dict[str, str], folder: Path) -> Path:
    """A folder to build from, and the image that all stand-ins begin with."""
    if not _there(DEBIAN, environ):
        _import_debian(environ, folder)
    context = folder / "context"
    shutil.rmtree(context, ignore_errors=True)
    shutil.copytree(STAND_INS, context)
    shutil.copy(BUNDLE, context / BUNDLE.name)
    _copy_python(context / "python")
    return context


def _import_debian(environ: dict[str, str], folder: Path) -> None:
    if shutil.which("mmdebstrap") is None:
        raise ImageError("the base images cannot be pulled, and no stand-ins can be made without mmdebstrap")
    archive = folder / "debian.tar"
    command = ["mmdebstrap", "--variant=minbase", f"--include={PACKAGES}", SUITE, str(archive)]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise ImageError(f"mmdebstrap: {told.stderr.strip()[-500:]}")
    _docker(environ, "import", "--change", "LABEL skinbeat.stand-in=true", str(archive), DEBIAN)
    archive.unlink()


def _copy_python(target: Path) -> None:
    """The interpreter that runs this, as far as pip and our packages need it."""
    home = Path(sys.base_prefix)
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    (target / "bin").mkdir(parents=True)
    shutil.copy(home / "bin" / version, target / "bin" / version)
    (target / "bin" / "python3").symlink_to(version)
    shutil.copytree(home / "lib" / version, target / "lib" / version, ignore=shutil.ignore_patterns(*LEFT_OUT))
    (target / "lib" / version / "site-packages").mkdir()
    for library in (home / "lib").glob("libpython*.so*"):
        shutil.copy(library, target / "lib" / library.name)


def _docker(environ: dict[str, str], *arguments: str) -> None:
    env = {**environ, "DOCKER_BUILDKIT": "1"}
    told = subprocess.run(["docker", *arguments], env=env, capture_output=True, text=True, check=False)
    if told.returncode != 0:
        raise ImageError(f"docker {arguments[0]}: {told.stderr.strip()[-1000:]}")
