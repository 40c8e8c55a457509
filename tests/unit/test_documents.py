"""What the documents name is there: files, headings, commands, tasks, pictures; and they speak of the project alone."""

import re
from pathlib import Path

import pytest

from benchmarks.__main__ import NAMES
from tasks.queues import TaskName
from tests.unit.documents import (
    DOCUMENTS,
    ROOT,
)

SOURCES = [
    path
    for folder in sorted(ROOT.iterdir())
    if folder.is_dir() and not folder.name.startswith(".") and folder.name not in {"var", "build"}
    for path in sorted(folder.rglob("*.py"))
]
MACHINE = ("work", "home", "root", "shared", "tmp", "mnt")  # folders that belong to somebody's machine
REGISTRIES = ("pypi.", "pythonhosted", "artifactory", "devpi", "npmjs", "proxy.golang")


def anchors(document: Path) -> set[str]:
    heads = re.findall(r"^#+ (.+)$", document.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head).lower().replace(" ", "-") for head in heads}


def names_nothing(path: Path) -> list[str]:
    """Names of Markdown files in `path` that exist neither below the root nor beside it."""
    names = re.findall(r"[\w./-]+\.md\b", path.read_text(encoding="utf-8"))
    return [name for name in names if not (ROOT / name).exists() and not (path.parent / name).exists()]


def heads_nothing(path: Path) -> list[str]:
    """References like `docs/alerts.md, Levels` in `path` whose document has no such heading."""
    cited = re.findall(r"(docs/[\w./-]+\.md), ([A-Z][\w ]+)", path.read_text(encoding="utf-8"))
    return [f"{name}, {head}" for name, head in cited if head.lower().replace(" ", "-") not in anchors(ROOT / name)]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    """A relative link names a file that exists, and a heading that it has."""
    links = re.findall(r"\]\(([^)\s]+)\)", document.read_text(encoding="utf-8"))
    for link in links:
        if "://" in link:
            continue
        name, _, anchor = link.partition("#")
        target = (document.parent / name).resolve() if name else document

        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_documents_speak_of_the_project_alone(document: Path) -> None:
    """No path of a machine and no package registry stands in a document."""
    text = document.read_text(encoding="utf-8")

    assert not [folder for folder in MACHINE if re.search(rf"(?<![\w.])/{folder}/|\.\./{folder}\b", text)]
    assert not [host for host in REGISTRIES if host in text]


def test_every_document_that_is_named_exists() -> None:
    """No source and no document sends its reader to a Markdown file or a heading that is not there."""
    named = {str(path.relative_to(ROOT)): names_nothing(path) for path in [*SOURCES, *DOCUMENTS]}
    headed = {str(path.relative_to(ROOT)): heads_nothing(path) for path in SOURCES}

    assert {name: lost for name, lost in named.items() if lost} == {}
    assert {name: lost for name, lost in headed.items() if lost} == {}


def test_a_document_that_is_absent_is_noticed(tmp_path: Path) -> None:
    """The check above sees names in prose, code and links, and lets pass what exists."""
    absent, heading = "docs/absent" + ".md", "Nowhere " + "at all"
    source = tmp_path / "source.py"
    source.write_text(f"# see {absent} section 3, (docs/alerts.md, {heading}), (docs/alerts.md, The fee).\n", "utf-8")

    assert names_nothing(source) == [absent]
    assert heads_nothing(source) == [f"docs/alerts.md, {heading}"]


def test_every_make_target_that_is_named_exists() -> None:
    """`make something` in a document is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    call = re.compile(r"(?:^|`)(?:[A-Z_]+=\w+ )?make ([a-z-]+)", re.MULTILINE)
    named = {name for document in DOCUMENTS for name in call.findall(document.read_text(encoding="utf-8"))}
    benches = {name for name in named if name.startswith("bench-")}

    assert named >= {"demo", "run", "test"}
    assert named - benches <= targets
    assert {name.removeprefix("bench-") for name in benches} <= set(NAMES)


def test_every_task_that_is_named_exists() -> None:
    """`tasks.something` in a document is a registered name, and the architecture tells of all of them."""
    named = {name for path in DOCUMENTS for name in re.findall(r"\btasks\.[a-z_]+\b", path.read_text("utf-8"))}

    assert named == set(TaskName)


def test_every_picture_is_shown_and_can_be_drawn() -> None:
    """Each file in docs/pictures stands in a document, and a script beside it makes it."""
    scripts = [(ROOT / "docs/pictures" / name).read_text("utf-8") for name in ("make_messages.py", "make_screens.py")]
    drawn = [name for text in scripts for name in re.findall(r'^    "(\w+)": lambda', text, re.MULTILINE)]
    shown = {name for path in DOCUMENTS for name in re.findall(r"pictures/(\w+)\.png\)", path.read_text("utf-8"))}

    assert shown == set(drawn)
    assert {path.stem for path in (ROOT / "docs/pictures").glob("*.png")} == set(drawn)
