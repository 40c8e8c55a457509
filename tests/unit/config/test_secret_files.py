"""Settings given as files, the way container secrets are."""

from pathlib import Path

from config.settings import load
from tests.unit.config.test_settings import FULL, SECRET, problems_of

WITHOUT_KEY = {name: value for name, value in FULL.items() if name != "DMARKET_SECRET_KEY"}


def test_value_is_read_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    """Editors and `echo` end a file with a new line."""
    file = tmp_path / "key"
    file.write_text(f"{SECRET}\n")

    settings = load({**WITHOUT_KEY, "DMARKET_SECRET_KEY_FILE": str(file)}, "worker")

    assert settings.dmarket_secret_key.get_secret_value() == SECRET


def test_interval_may_be_a_file_too(tmp_path: Path) -> None:
    """No variable is an exception."""
    file = tmp_path / "interval"
    file.write_text("7")

    settings = load({**FULL, "SCAN_INTERVAL_TF2_FILE": str(file)}, "beat")

    assert settings.scan_intervals == {"tf2": 7}


def test_broker_from_a_file_serves_as_redis(tmp_path: Path) -> None:
    """The default of REDIS_URL does not care where the broker's URL came from."""
    file = tmp_path / "broker"
    file.write_text("redis://:pw@host/0\n")
    environ = {name: value for name, value in FULL.items() if name != "CELERY_BROKER_URL"}

    settings = load({**environ, "CELERY_BROKER_URL_FILE": str(file)}, "worker")

    assert settings.redis_url == "redis://:pw@host/0"


def test_value_and_file_together_are_refused(tmp_path: Path) -> None:
    """Nobody should have to guess which of the two counts."""
    file = tmp_path / "key"
    file.write_text(SECRET)

    problems = problems_of({**FULL, "DMARKET_SECRET_KEY_FILE": str(file)})

    assert problems == ["DMARKET_SECRET_KEY and DMARKET_SECRET_KEY_FILE are both set: give one of them"]


def test_file_that_is_not_there_is_one_problem(tmp_path: Path) -> None:
    """It is not reported a second time as a variable that is not set."""
    problems = problems_of({**WITHOUT_KEY, "DMARKET_SECRET_KEY_FILE": f"{tmp_path}/nowhere"})

    assert problems == [f"DMARKET_SECRET_KEY_FILE: {tmp_path}/nowhere cannot be read (No such file or directory)"]


def test_folder_empty_file_and_binary_file_are_told_apart(tmp_path: Path) -> None:
    """Each sentence says what is wrong with the file."""
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00")
    names = {"DATABASE_URL_FILE": "", "TELEGRAM_BOT_TOKEN_FILE": "empty", "DMARKET_PUBLIC_KEY_FILE": "binary"}

    files = {name: f"{tmp_path}/{file}" for name, file in names.items()}
    problems = problems_of({"REDIS_URL": "redis://host/0", **files}, "bot")

    assert sorted(problems) == [
        f"DATABASE_URL_FILE: {tmp_path}/ cannot be read (Is a directory)",
        f"DMARKET_PUBLIC_KEY_FILE: {tmp_path}/binary is not a text file",
        f"TELEGRAM_BOT_TOKEN_FILE: {tmp_path}/empty is empty",
    ]
