"""What a package says to people: its Vietnamese strings, and the English its catalogue has."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from babel.messages.pofile import read_po


def said_in(folder: Path, *, without: tuple[str, ...] = ()) -> set[str]:
    """Return the strings with Vietnamese letters that are not docstrings.

    The pieces of an f-string count, too: it has no English, so it belongs into no answer.
    """
    return {
        sentence
        for path in folder.rglob("*.py")
        if not path.relative_to(folder).as_posix().startswith(without)
        for sentence in _strings(ast.parse(path.read_text()))
        if any("À" <= letter <= "ỹ" for letter in sentence)
    }


def _strings(tree: ast.Module) -> Iterator[str]:
    prose = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        constant = isinstance(node, ast.Constant) and id(node) not in prose and node.value
        if isinstance(constant, str):
            yield constant


def english(folder: Path) -> dict[str, str]:
    """Return the sentences of a package's own catalogue."""
    with (folder / "locale" / "en.po").open("rb") as file:
        return {str(entry.id): str(entry.string) for entry in read_po(file) if entry.id}


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name}
