"""`python -m monitoring.dashboards`: writes the dashboards that Grafana is provisioned with."""

import json
from pathlib import Path

from monitoring.boards import BOARDS

FOLDER = Path(__file__).parent / "grafana" / "dashboards"


def files() -> dict[str, str]:
    """The content of each file by its name."""
    return {f"{board.uid}.json": json.dumps(board.model(), indent=2) + "\n" for board in BOARDS}


def main(folder: Path = FOLDER) -> None:
    """Write all of them, and remove what is none of them any more."""
    wanted = files()
    for old in folder.glob("*.json"):
        if old.name not in wanted:
            old.unlink()
    for name, content in wanted.items():
        (folder / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
