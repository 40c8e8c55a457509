"""Finds what a user would read in English whatever their language: texts in the code that no call of Speech says."""

import ast
import re
from collections.abc import Iterator

from bot.catalogues import FORMS, named

TAG = re.compile(r"</?[a-z]+[^>]*>")
PHRASE = re.compile(r"[^\W\d_]{2,}[,;:.]?\s+[^\W\d_]{2,}")  # two words, in contrast to a name for the program
WORD = re.compile(r"[^\W\d_]{2,}")
SHOWING = {"Button", "Say", "Reply", "ticked", "chosen"}  # what is given to these first is read by people
UNHEARD = {"log", "re"}  # modules whose calls nobody reads in a chat


def unspoken(source: str) -> Iterator[str]:
    """Phrases, words that are shown, and words within f-strings; not docstrings, errors, logs and keys."""
    nodes = list(ast.walk(ast.parse(source)))
    apart = {text for node in nodes for text in _apart(node)}
    shown = {text for node in nodes for text in _shown(node)}
    for node in nodes:
        if node in apart:
            continue
        if isinstance(node, ast.JoinedStr):
            text = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in node.values)
            if WORD.search(TAG.sub("", text)):
                yield text
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = WORD if node in shown else PHRASE
            if said.search(TAG.sub("", node.value)):
                yield node.value


def _apart(node: ast.AST) -> Iterator[ast.AST | None]:
    """Texts that are spoken, and those that are for nobody in a chat."""
    match node:
        case ast.Module() | ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            first = node.body[0]
            if isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant):
                yield first.value
        case ast.Raise():
            yield from ast.walk(node)
        case ast.Dict():
            yield from node.keys
        case ast.Call() if named(node) or getattr(getattr(node.func, "value", None), "id", "") in UNHEARD:
            yield from node.args


def _shown(node: ast.AST) -> Iterator[ast.AST]:
    """What Button, Say and the like are given, and what Speech is given instead of a sentence of the catalogues."""
    if not isinstance(node, ast.Call) or named(node):
        return
    if getattr(node.func, "id", "") in SHOWING:
        yield from node.args[:1]
        yield from (one.value for one in node.keywords if one.arg == "toast")
    elif getattr(node.func, "attr", "") in FORMS and node.args and isinstance(node.args[0], ast.IfExp):
        yield from (node.args[0].body, node.args[0].orelse)
