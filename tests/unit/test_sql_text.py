"""SQL is written, never glued: no value reaches a statement but as a parameter."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("bot", "config", "dmarket", "domain", "migrations", "models", "tasks", "telemetry", "worker")
TAKES_SQL = {"text", "execute", "executemany", "exec_driver_sql", "SQL", "scalar", "scalars", "literal_column"}
# What is glued nevertheless, and why it may be: each place, with the names that go into the statement.
GLUED = {
    ("bot/listener.py", "CHANNEL"): "a constant of ours; LISTEN takes no parameter",
    ("models/queries/groups.py", "mode"): "one of two constants in the same function: a function's name",
    ("migrations/roles.py", "function"): "from a tuple in the same file; a signature is no identifier",
    ("migrations/roles.py", "privileges"): "from tables in the same file; privileges are key words",
}


def glued(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and name of everything that is put into a statement as text."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and _name(node.func) in TAKES_SQL and node.args:
            for part in _parts(node.args[0]):
                yield part.lineno, ast.unparse(part)


def _name(function: ast.expr) -> str:
    return (
        function.attr if isinstance(function, ast.Attribute) else function.id if isinstance(function, ast.Name) else ""
    )


def _parts(statement: ast.expr) -> Iterator[ast.expr]:
    """What an f-string, a sum, a %, a join or a format puts in; nothing for a literal, a name or a built query."""
    if isinstance(statement, ast.JoinedStr):
        yield from (one.value for one in statement.values if isinstance(one, ast.FormattedValue))
    elif isinstance(statement, ast.BinOp) and isinstance(statement.op, ast.Add | ast.Mod):
        for side in (statement.left, statement.right):
            constant = isinstance(side, ast.Constant)
            yield from _parts(side) if isinstance(side, ast.BinOp | ast.JoinedStr) else () if constant else (side,)
    elif isinstance(statement, ast.Call) and _name(statement.func) in {"format", "join", "replace", "format_map"}:
        owner = statement.func.value if isinstance(statement.func, ast.Attribute) else statement
        if not (isinstance(owner, ast.Call) and _name(owner.func) == "SQL"):  # psycopg2's own, which quotes
            yield from statement.args
    elif isinstance(statement, ast.Call) and _name(statement.func) == "str":
        yield from statement.args


def assigned(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The same for statements that are given a name first: upper-case names and `statement`, `query`, `sql`."""
    words = ("SELECT ", "INSERT ", "UPDATE ", "DELETE ", "GRANT ", "CREATE ", "DROP ", "ALTER ", "REVOKE ")
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            start = str(node.values[0].value).lstrip()
            if start.startswith(words) and any(isinstance(one, ast.FormattedValue) for one in node.values):
                yield node.lineno, ast.unparse(node)


@pytest.mark.parametrize("folder", FOLDERS)
def test_no_statement_is_glued_together(folder: str) -> None:
    """But for the places that are listed with their reason."""
    found = []
    for path in sorted((ROOT / folder).rglob("*.py")):
        where, tree = str(path.relative_to(ROOT)), ast.parse(path.read_text("utf-8"))
        for line, name in (*glued(tree), *assigned(tree)):
            if not any(where == place and word in name for place, word in GLUED):
                found.append(f"{where}:{line}: {name}")

    assert found == []


def test_every_listed_place_still_exists() -> None:
    """Reasons for what is gone are not kept."""
    for place, word in GLUED:
        tree = ast.parse((ROOT / place).read_text("utf-8"))

        assert [name for _, name in (*glued(tree), *assigned(tree)) if word in name], (place, word)


@pytest.mark.parametrize(
    "source",
    [
        "session.execute(text(f'SELECT * FROM items WHERE title = {title}'))",
        "session.execute(text('SELECT ' + name))",
        "cursor.execute('SELECT %s' % name)",
        "cursor.execute('SELECT {}'.format(name))",
        "cursor.execute(SQL('GRANT ' + right + ' ON x'))",
        "query = f'SELECT * FROM {table}'",
        "cursor.execute(', '.join(names))",
    ],
)
def test_glue_is_seen(source: str) -> None:
    """In each of its forms."""
    tree = ast.parse(source)

    assert [*glued(tree), *assigned(tree)]


@pytest.mark.parametrize(
    "source",
    [
        "session.execute(text('SELECT :a'), {'a': a})",
        "session.execute(_CLAIM, {'run': run_id})",
        "session.execute(select(Item).where(Item.title == title))",
        "cursor.execute(SQL('GRANT x TO {}').format(Identifier(name)))",
    ],
)
def test_parameters_are_no_glue(source: str) -> None:
    """Nor are built queries and quoted identifiers."""
    assert not [*glued(ast.parse(source)), *assigned(ast.parse(source))]
