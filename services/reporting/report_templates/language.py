"""The language of templates: fields, loops over lists, conditions, and nothing else of Jinja.

What may stand in a template is listed here, and what is not listed is refused before it is
compiled; the sandbox behind it would stop what slipped through.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.runtime import LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment

from reporting.report_templates.domain import MOST_NESTED, Field, Fields, near

FILTERS = ("upper", "lower", "join", "length", "first", "last")
LOOP = {name: Field("", "number") for name in ("index", "first", "last", "length")}
_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Getattr, nodes.Const,
    nodes.Filter, nodes.For, nodes.If, nodes.Compare, nodes.Operand, nodes.And, nodes.Or,
    nodes.Not, nodes.Test,
)  # fmt: skip
Found = tuple[int, str, dict[str, Any]]
"""A line, a code of what is wrong there, and its facts."""


class Unknown:
    """A number that nobody knows: written as such, and neither more nor less than any other."""

    def __str__(self) -> str:
        return "chưa có số liệu"

    def __lt__(self, _: object) -> bool:
        return False

    __gt__ = __le__ = __ge__ = __lt__

    def __bool__(self) -> bool:
        return False


class Language(ImmutableSandboxedEnvironment):
    """Jinja without anything that a template has no need of.

    `named`: the fields of all that was compiled, wherever it stood: `figures.par.secured`.
    """

    def __init__(self) -> None:
        super().__init__(autoescape=True, undefined=StrictUndefined, finalize=_shown)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}
        self.tests = {"none": lambda value: isinstance(value, Unknown)}
        self.named: set[str] = set()

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        """Parse, and refuse what is not of the language: whatever is compiled came through here."""
        template = super()._parse(source, name, filename)
        for node in template.find_all(nodes.Node):
            if not _allowed(node):
                raise TemplateSyntaxError("not of the language", node.lineno, name, filename)
        self.named |= {_path(node) for node in template.find_all((nodes.Name, nodes.Getattr))}
        return template

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Return a field of a group, or what a loop knows of itself; of nothing else anything."""
        if isinstance(obj, Mapping) and attribute in obj:
            return obj[attribute]
        if isinstance(obj, LoopContext) and attribute in LOOP:
            return getattr(obj, attribute)
        return self.undefined(obj=obj, name=attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        """Return nothing: fields are asked for by a point."""
        return self.undefined(obj=obj, name=str(argument))


def _allowed(node: nodes.Node) -> bool:
    if isinstance(node, nodes.For) and (node.recursive or not isinstance(node.target, nodes.Name)):
        return False
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return False
    if isinstance(node, nodes.Test) and node.name != "none":
        return False
    return isinstance(node, _ALLOWED)


def _shown(value: Any) -> Any:
    """Return how a value is written: 1.234 for a number."""
    if isinstance(value, bool):
        return "có" if value else "không"
    return f"{value:,}".replace(",", ".") if isinstance(value, int) else value


def check(source: str, fields: Fields) -> Iterator[Found]:
    """Yield what is wrong with a text of tags, by its lines."""
    try:
        template = ImmutableSandboxedEnvironment().parse(source)
    except TemplateSyntaxError as error:
        yield error.lineno, "tag_unreadable", {}
        return
    refused = [node for node in template.find_all(nodes.Node) if not _allowed(node)]
    for node in refused:
        yield node.lineno, *_refused(node)
    if not refused:
        yield from _walk(template, dict(fields), 0)


def _refused(node: nodes.Node) -> tuple[str, dict[str, Any]]:
    if isinstance(node, nodes.Filter):
        return "filter_refused", {"name": node.name, "near": ", ".join(FILTERS)}
    return "tag_refused", {}


def _walk(node: nodes.Node, scope: dict[str, Field], depth: int) -> Iterator[Found]:
    """Yield what is wrong below a node. `scope`: what names stand for there."""
    if isinstance(node, nodes.For):
        yield from _loop(node, scope, depth)
        return
    if isinstance(node, nodes.Output):
        for part in node.nodes:
            yield from _written(part, scope)
    elif isinstance(node, (nodes.Name, nodes.Getattr)):
        yield from _unknown(node, scope)
        return
    for child in node.iter_child_nodes():
        yield from _walk(child, scope, depth)


def _loop(node: nodes.For, scope: dict[str, Field], depth: int) -> Iterator[Found]:
    if depth >= MOST_NESTED:
        yield node.lineno, "nested_deep", {"depth": depth + 1, "most": MOST_NESTED}
        return
    found = _resolve(node.iter, scope)
    item = Field("")
    if not isinstance(node.iter, (nodes.Name, nodes.Getattr)):
        yield node.lineno, "field_no_list", {"name": _path(node.iter)}
    elif found is None:
        yield from _unknown(node.iter, scope)
    elif found.kind != "list":
        yield node.lineno, "field_no_list", {"name": _path(node.iter)}
    else:
        item = Field("", "group", found.of) if found.of else item
    # Of a list that is not known nothing more is said of its items.
    known = found is not None and found.kind == "list"
    inside = {
        **scope,
        "loop": Field("", "group", LOOP),
        str(getattr(node.target, "name", "")): item,
    }
    body = [*node.body, *([node.test] if node.test else [])]
    for child in body if known else ():
        yield from _walk(child, inside, depth + 1)
    for child in node.else_:
        yield from _walk(child, scope, depth)


def _written(node: nodes.Node, scope: dict[str, Field]) -> Iterator[Found]:
    """Yield why what stands between braces cannot be written."""
    found = _resolve(node, scope)
    if found is None or found.kind in ("text", "number", "chart"):
        return
    if found.kind == "list":
        yield node.lineno, "field_is_list", {"name": _path(node)}
    else:
        name = _path(node)
        inside = ", ".join(f"{name}.{each}" for each in list(found.of)[:5])
        yield node.lineno, "field_is_group", {"name": name, "near": inside}


def _unknown(node: nodes.Node, scope: dict[str, Field]) -> Iterator[Found]:
    if _resolve(node, scope) is not None:
        return
    inside, name = scope, _path(node)
    if isinstance(node, nodes.Getattr):
        above = _resolve(node.node, scope)
        if above is None:
            yield from _unknown(node.node, scope)
            return
        inside = dict(above.of)
    like = near(name.rpartition(".")[2], list(inside))
    if like:
        yield node.lineno, "field_like", {"name": name, "near": ", ".join(like)}
    else:
        yield node.lineno, "field_unknown", {"name": name}


def _resolve(node: nodes.Node, scope: Mapping[str, Field]) -> Field | None:
    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr):
        above = _resolve(node.node, scope)
        return above.of.get(node.attr) if above is not None and above.kind == "group" else None
    return None


def _path(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_path(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"
