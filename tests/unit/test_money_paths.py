"""No float touches money: the sources are parsed and every float found must belong to a time.

The rule. A float literal, `float` and SQLAlchemy's `Float` are read together with the names of their smallest
context: the argument, the parameter, the signature of a return value, or the statement that they stand in. One of
these names must be a time's (`delay`, `retry_after` ...) and none may be a price's. A true division makes a float
of two integers without either word, so one that stands beside a price must also name `Decimal`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("domain", "dmarket", "tasks", "models", "bot")
SOURCES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))

MONEY = set(
    re.findall(
        r"\w+",
        """amount amounts ask asks balance bid bids bps buy cent cents cost costs dollar dollars fee fees fraction gross
        margin money net price prices proceeds profit sell spread usd""",
    )
)
TIME = set(
    re.findall(
        r"\w+",
        """after age backoff clock countdown deadline delay due duration elapsed every expires interval jitter
        monotonic pause period remaining reset retry second seconds sleep time timedelta timeout timeouts timestamp
        ttl until wait waited written""",
    )
)
FLOATS = {"float", "Float", "Double"}


def words(names: set[str]) -> set[str]:
    """`retry_after` is retry and after, `BlockingTimeout` is blocking and timeout."""
    return {word.lower() for name in names for word in re.findall(r"[A-Z]?[a-z]+|[A-Z]+", name)}


Region = tuple[set[str], list[ast.AST]]


def regions(tree: ast.AST) -> Iterator[Region]:
    """Every smallest context as the names and the nodes that stand directly in it."""
    pending: list[tuple[set[str], list[ast.AST]]] = [(set(), [tree])]
    while pending:
        names, nodes = pending.pop()
        own: list[ast.AST] = []
        while nodes:
            node = nodes.pop()
            inner = list(contexts(node))
            pending.extend(inner)
            taken = {id(child) for _, children in inner for child in children}
            own.append(node)
            nodes.extend(child for child in ast.iter_child_nodes(node) if id(child) not in taken)
        yield names | {name for node in own for name in names_of(node)}, own


def contexts(node: ast.AST) -> Iterator[Region]:
    """The contexts that begin right below a node."""
    if isinstance(node, ast.arguments):
        yield from parameters(node)
    elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
        yield {node.name} | {arg.arg for arg in ast.walk(node.args) if isinstance(arg, ast.arg)}, [node.returns]
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield set(), [child]
        elif isinstance(child, ast.keyword):
            yield {child.arg or ""}, [child]


def parameters(args: ast.arguments) -> Iterator[Region]:
    """Each parameter with its annotation and default."""
    positional = [*args.posonlyargs, *args.args]
    plain = [None] * (len(positional) - len(args.defaults))
    pairs = zip([*positional, *args.kwonlyargs], [*plain, *args.defaults, *args.kw_defaults], strict=True)
    for arg, default in pairs:
        yield {arg.arg}, [node for node in (arg, default) if node is not None]


def names_of(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
    elif isinstance(node, ast.arg | ast.keyword):
        yield node.arg or ""


def makes_float(node: ast.AST) -> bool:
    literal = isinstance(node, ast.Constant) and isinstance(node.value, float)
    return literal or (isinstance(node, ast.Name) and node.id in FLOATS)


def floats_in(source: str) -> set[int]:
    """The lines where a float is not a time's, or where money is divided into one."""
    lines = set()
    for names, nodes in regions(ast.parse(source)):
        said = words(names)
        for node in nodes:
            loose = makes_float(node) and (not said & TIME or said & MONEY)
            divided = isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)
            if loose or (divided and said & MONEY and "Decimal" not in names):
                lines.add(node.lineno)  # type: ignore[attr-defined]  # literals, names and operations all have one
    return lines


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_float_touches_money(path: Path) -> None:
    """Prices, fees and returns are integers, or Decimal on the way to one."""
    assert floats_in(path.read_text(encoding="utf-8")) == set()


def test_every_room_that_handles_money_is_read() -> None:
    """A renamed folder must not leave the rule without sources."""
    assert {path.relative_to(ROOT).parts[0] for path in SOURCES} == set(ROOMS)


@pytest.mark.parametrize(
    "source",
    [
        "net = price * 0.93",
        "net = float(price)",
        "total += 0.5",
        "price: float",
        "price: Mapped[float] = mapped_column()",
        "price = mapped_column(Float)",
        "def fee(price: float) -> int: ...",
        "def fee(price=1.0): ...",
        "def net_of(sell: int) -> float: ...",
        "def show(*, fee: float | None = None): ...",
        "rows = list(map(float, prices))",
        "wait(timeout=5.0, price=0.93)",
        "order(price * 0.93, timeout=5)",
        "share = lambda price: price * 0.93",
        "def sell(price, delay):\n    time.sleep(delay)\n    return price * 1.05",
        "dollars = cents / 100",
        "price /= 100",
        "if timeout > 0.5 * price: pass",
    ],
)
def test_the_rule_sees_floats_in_money(source: str) -> None:
    """Each of these would let a rounding error into a price."""
    assert floats_in(source)


@pytest.mark.parametrize(
    "source",
    [
        "delay = 0.5",
        "timeout: float = 5.0",
        "retry_after: float | None = None",
        "retry_after = float(headers['Retry-After'])",
        "def wait(seconds: float) -> None: ...",
        "def retry_after(headers: dict[str, str]) -> float: ...",
        "def fetch(price: int, *, timeout: float = 5.0) -> int: ...",
        "fetch_prices(titles, timeout=0.5)",
        "return_bps = net * 10_000 // cost",
        "price = Decimal(text) * 100",
        "days = Decimal(net) / per_day",
        "path = root / 'prices'",
        "if clock() - started > 1.5 * interval: pass",
    ],
)
def test_the_rule_leaves_times_alone(source: str) -> None:
    """Seconds may be fractions, and cents may be divided into Decimals."""
    assert not floats_in(source)
