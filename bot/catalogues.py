"""`make messages`: what the bot's code says, brought into the catalogue of every language."""

import ast
import sys
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from bot.speech import ENGLISH, FOLDER, LANGUAGES

SOURCES = Path(__file__).parent
# The calls that name sentences, and how many of their arguments are forms of one (bot/speech.py).
FORMS: Mapping[str, int] = {"text": 1, "marked": 1, "plural": 2, "counted": 2}
TRANSLATED = tuple(language for language in LANGUAGES if language != ENGLISH)


def extracted() -> Catalog:
    """Every sentence that the code names, with the files that do; nothing is translated."""
    catalogue = Catalog()
    for path in sorted(SOURCES.rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for forms in filter(None, map(named, ast.walk(tree))):
            name = path.relative_to(SOURCES.parent).as_posix()
            catalogue.add(forms if len(forms) > 1 else forms[0], None, [(name, 0)])
    return catalogue


def named(node: ast.AST) -> tuple[str, ...]:
    """The sentence, or its forms, that a call names; of other code, and of a sentence from a table, nothing.

    Read from the syntax tree, because Babel's own reader does not see calls inside of f-strings before Python 3.12.
    """
    if not isinstance(node, ast.Call):
        return ()
    name = getattr(node.func, "attr", getattr(node.func, "id", ""))
    given = [one.value for one in node.args[: FORMS.get(name, 0)] if isinstance(one, ast.Constant)]
    return tuple(one for one in given if isinstance(one, str)) if len(given) == FORMS.get(name) else ()


def read(language: str) -> Catalog:
    """A language's catalogue as it stands. Raises babel.messages.pofile.PoFileError where it is damaged."""
    with (FOLDER / f"{language}.po").open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def sentences(catalogue: Catalog) -> Iterable[Message]:
    """The messages without the header, which is the one with an empty key."""
    return (message for message in catalogue if message.id)


def renewed(language: str, template: Catalog) -> bytes:
    """The language's file with exactly the sentences of `template`; new ones are empty, gone ones are dropped."""
    former, made = read(language), Catalog(locale=language)
    for message in sentences(template):
        known = former.get(message.id)
        kept = known.string if known and known.id == message.id and not known.fuzzy else None
        made.add(message.id, kept, message.locations)
    body = BytesIO()
    write_po(body, made, width=0, omit_header=True, sort_by_file=True, include_lineno=False)
    return _head(former).encode() + body.getvalue()


def missing(catalogue: Catalog) -> list[Message]:
    """What is not translated, or not in every plural form."""
    return [one for one in sentences(catalogue) if not all(_forms(one.string))]


def _forms(said: str | Iterable[str] | None) -> Iterable[str]:
    """One string a plural form; what nobody translated yet is an empty one."""
    return (said or "",) if said is None or isinstance(said, str) else said


def _head(catalogue: Catalog) -> str:
    """Only what readers of the file need: no dates and no names of tools, which would change it each time."""
    lines = (
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: 8bit",
        f"Language: {catalogue.locale_identifier}",
        f"Plural-Forms: {catalogue.plural_forms}",
    )
    return "\n".join(['msgid ""', 'msgstr ""', *(f'"{line}\\n"' for line in lines), "", ""])


def main() -> None:
    template = extracted()
    for language in TRANSLATED:
        (FOLDER / f"{language}.po").write_bytes(renewed(language, template))
        for message in missing(read(language)):
            sys.stdout.write(f"{language}: not translated: {message.id!r}\n")


if __name__ == "__main__":
    main()
