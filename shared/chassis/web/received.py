"""The JSON body of a request: read once, its texts cleaned, before anything is made of it."""

import json
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from typing import Any, NoReturn

from starlette.requests import Request

from chassis.errors import FieldError, InvalidInput
from chassis.texts import blank, storable
from chassis.web.validation import pointer
from chassis.words import N_, Sentence

_MOST_ERRORS = 20
Path = tuple[str | int, ...]
_UNSTORABLE = N_(
    "«{field}» có ký tự không lưu được (U+0000 hoặc nửa một cặp thay thế UTF-16): hãy bỏ ký tự đó"
)
_TWICE = N_("«{field}» được gửi nhiều lần: mỗi lần chỉ gửi một phần «{field}»")
_REPEATED = N_("«{field}» được ghi nhiều lần: chỉ ghi «{field}» một lần, với một giá trị")
_STRANGE = N_("«{field}» không phải là trường được chấp nhận: hãy bỏ đi")


class JsonRequest(Request):
    """A request whose JSON is what the standard calls JSON, with texts that can be kept."""

    async def json(self) -> Any:
        """Return the body. Raises json.JSONDecodeError.

        Raises InvalidInput for texts nobody can keep, and for a field that stands there twice.
        """
        if not hasattr(self, "_json"):
            parsed = json.loads(
                await self.body(), parse_constant=_refuse_constant, object_pairs_hook=_object
            )
            repeated = list(_repeated(parsed, ()))
            if repeated:
                raise _refused(repeated, message=_REPEATED)
            unstorable = [path for path, text in _texts(parsed, ()) if not storable(text)]
            if unstorable:
                raise _refused(unstorable)
            self._json = _seen(parsed)
        return self._json


def check_address(request: Request, scalars: Collection[str] = ()) -> None:
    """Refuse an address with texts nobody can keep in it, e.g. `?q=%00`.

    `scalars`: parameters of the query that have one value, and are refused with several.
    """
    given = [
        *(("path", name, value) for name, value in request.path_params.items()),
        *(("query", name, value) for name, value in request.query_params.multi_items()),
    ]
    wrong = [(source, name) for source, name, value in given if not storable(f"{name}{value}")]
    if wrong:
        raise _refused([(name,) for _, name in wrong], [source for source, _ in wrong])
    counts = Counter(name for name, _ in request.query_params.multi_items())
    repeated = [(name,) for name in scalars if counts[name] > 1]
    if repeated:
        raise _refused(sorted(repeated), ["query"] * len(repeated), message=_REPEATED)


async def check_body(request: Request, fields: Collection[str]) -> None:
    """Refuse what the framework lets through; what is no JSON or form is for it to refuse.

    `fields`: the names of a form's parts, each of which may come once. Raises InvalidInput.
    """
    kind = request.headers.get("content-type", "").lower()
    if "json" in kind:
        with suppress(ValueError, RecursionError):
            await request.json()
    elif kind.startswith("multipart/"):
        given = [name for name, _ in (await request.form()).multi_items()]
        wrong = [name for name in dict.fromkeys(given) if given.count(name) > 1]
        strange = [name for name in dict.fromkeys(given) if name not in fields]
        if wrong or strange:
            named = [(name, _TWICE) for name in wrong] + [(name, _STRANGE) for name in strange]
            raise _parts_refused(named)


def _parts_refused(named: Sequence[tuple[str, str]]) -> InvalidInput:
    found: list[FieldError] = [
        {"pointer": pointer((name,)), "message": message, "facts": {"field": name}}
        for name, message in named
    ]
    return InvalidInput(Sentence(found[0]["message"], found[0]["facts"]), errors=found)


def _refuse_constant(name: str) -> NoReturn:
    raise json.JSONDecodeError(f"{name} is not JSON", name, 0)


class _Repeating(dict[str, Any]):
    """An object of which a field stands there more than once; a plain dict keeps the last."""

    repeated: Sequence[str] = ()


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    repeating = _Repeating(found)
    counts = Counter(name for name, _ in pairs)
    repeating.repeated = [name for name in counts if counts[name] > 1]
    return repeating


def _repeated(value: Any, path: Path) -> Iterator[Path]:
    """The places of fields that stand there more than once."""
    if isinstance(value, dict):
        if isinstance(value, _Repeating):
            yield from ((*path, name) for name in value.repeated)
        for name, inner in value.items():
            yield from _repeated(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _repeated(inner, (*path, place))


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text of a document, names of fields too, with its place."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield path, name
            yield from _texts(inner, (*path, name))
    elif isinstance(value, list):
        for place, inner in enumerate(value):
            yield from _texts(inner, (*path, place))


def _seen(value: Any) -> Any:
    """Return the document with texts that show nothing made empty."""
    if isinstance(value, str):
        return "" if blank(value) else value
    if isinstance(value, dict):
        return {name: _seen(inner) for name, inner in value.items()}
    return [_seen(inner) for inner in value] if isinstance(value, list) else value


def _refused(
    paths: Sequence[Path], sources: Sequence[str] = (), *, message: str = _UNSTORABLE
) -> InvalidInput:
    found = [_error(path, message) for path in paths[:_MOST_ERRORS]]
    for error, source in zip(found, sources, strict=False):
        error["source"] = source
    return InvalidInput(Sentence(message, found[0]["facts"]), errors=found)


def _error(path: Path, message: str) -> FieldError:
    """Name a place; what cannot be kept cannot be sent back either."""
    parts = [part if storable(str(part)) else "?" for part in path]
    field = ".".join(map(str, parts)) or N_("nội dung")
    return {"pointer": pointer(parts), "message": message, "facts": {"field": field}}
