"""`python -m reporting.criteria.isolated xlsx|yaml < file`: print what is in it as JSON.

What comes from outside is opened in a process of its own, which has no secrets and dies at its
limits: a file that unpacks to gigabytes, or a text that refers to itself, harms nothing.
"""

import json
import posixpath
import sys
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any
from unicodedata import normalize
from zipfile import BadZipFile, ZipFile

import yaml
from lxml import etree
from python_calamine import CalamineError, CalamineWorkbook

from chassis.bounded import confine

MEMORY = 600_000_000  # bytes of address space
PROCESSOR_SECONDS = 20
MOST_ROWS, MOST_COLUMNS, MOST_SHEETS = 5_000, 100, 20
TOO_LARGE = "criteria_file_too_large"
_XML = etree.XMLParser(resolve_entities=False, no_network=True)


def main() -> None:
    """Bound this process, then read. What cannot be read is an answer too."""
    confine(MEMORY, PROCESSOR_SECONDS)
    content = sys.stdin.buffer.read()
    answer = _workbook(content) if sys.argv[1] == "xlsx" else _text(content)
    sys.stdout.write(json.dumps(answer))


def _workbook(content: bytes) -> dict[str, Any]:
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(content))
        names = book.sheet_names
        if len(names) > MOST_SHEETS:
            return {"code": TOO_LARGE}
        sheets = {}
        for name in names:
            sheet = book.get_sheet_by_name(name)
            if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
                return {"code": TOO_LARGE}
            rows = sheet.to_python(skip_empty_area=False)
            sheets[normalize("NFC", name)] = [list(map(_cell, row)) for row in rows]
        unread = [list(each) for each in _without_value(content)]
    except (CalamineError, ValueError, OSError, BadZipFile, KeyError, etree.LxmlError):
        return {"code": "criteria_file_unreadable"}
    return {"sheets": sheets, "unread": unread}


def _without_value(content: bytes) -> Iterator[tuple[str, str, str]]:
    """Yield sheet, cell and what it shows, of errors and of formulas that nothing has computed.

    They are read as blank otherwise: what stands in such a cell would be lost without a word.
    """
    with ZipFile(BytesIO(content)) as package:
        links = etree.fromstring(package.read("xl/_rels/workbook.xml.rels"), _XML)
        targets = {link.get("Id"): link.get("Target") for link in links}
        for sheet in etree.fromstring(package.read("xl/workbook.xml"), _XML).iter("{*}sheet"):
            [id_] = (value for name, value in sheet.items() if name.endswith("}id"))
            part = posixpath.normpath(posixpath.join("/xl", targets[id_])).lstrip("/")
            with package.open(part) as cells:
                for _, cell in etree.iterparse(cells, tag="{*}c", resolve_entities=False):
                    if shown := _unread(cell):
                        yield normalize("NFC", sheet.get("name")), cell.get("r"), shown
                    cell.clear()


def _unread(cell: Any) -> str:
    value, formula = cell.findtext("{*}v"), cell.findtext("{*}f")
    if cell.get("t") == "e":
        return str(value or formula)
    lacks = formula is not None and not value and cell.get("t") != "str"
    return f"={formula}" if lacks else ""


def _cell(value: object) -> str:
    """Return a cell as text: a number to the 15 digits that Excel shows, a day as people write it.

    A sum such as 1,1 + 2,2 is kept as 3.3000000000000003. Accents that a Mac writes apart are
    put together: the headings are known by them. A number of three decimals gets its comma: with a
    point it would look like the words 1.000, which may be read two ways; the number may not.
    """
    if isinstance(value, float):
        written = str(int(value)) if value.is_integer() else f"{Decimal(f'{value:.15g}'):f}"
        return written.replace(".", ",") if written[-4:-3] == "." else written
    if isinstance(value, (datetime, date)):
        return f"{value:%d/%m/%Y}"
    return normalize("NFC", str(value)).replace("\r\n", "\n").strip()


class _Loader(yaml.SafeLoader):
    """YAML without references to itself; numbers stay the text that was written."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("alias")
        return super().compose_node(parent, index)


_NUMBERS = {"tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:timestamp"}
_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag not in _NUMBERS]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def _text(content: bytes) -> dict[str, Any]:
    try:
        data = yaml.load(content.decode("utf-8"), Loader=_Loader)  # noqa: S506 - a safe one's child
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        return {"code": "criteria_file_unreadable", "line": mark.line + 1 if mark else None}
    if not isinstance(data, Mapping):
        return {"code": "criteria_file_unreadable", "line": 1}
    return {"data": data}


if __name__ == "__main__":
    main()
