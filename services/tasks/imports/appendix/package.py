"""An office file as an archive of XML parts, in the transitional or the strict dialect."""

import posixpath
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from lxml import etree

# Strict Open XML (ISO/IEC 29500-1) differs from what everybody writes in its namespaces alone.
_STRICT = re.compile(rb"http://purl\.oclc\.org/ooxml/(\w+)/(\w+)")
_TRANSITIONAL = rb"http://schemas.openxmlformats.org/\1/2006/\2"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


class Package:
    """The parts of a checked file by their names."""

    def __init__(self, content: bytes) -> None:
        """Open the archive. Raises BadZipFile."""
        self._zip = ZipFile(BytesIO(content))
        self.names = frozenset(self._zip.namelist())

    def root(self, name: str) -> Any | None:
        """Return the root element of a part, None without such a part. Raises XMLSyntaxError."""
        if name not in self.names:
            return None
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return etree.fromstring(self._bytes(name), parser)

    def each(self, name: str, *tags: str) -> Iterator[Any]:
        """Go through elements of a large part by their local names, each forgotten once seen."""
        if name not in self.names:
            return
        source = BytesIO(self._bytes(name))
        wanted = [f"{{*}}{tag}" for tag in tags]
        for _, element in etree.iterparse(source, tag=wanted, resolve_entities=False):
            yield element
            element.clear()

    def related(self, name: str) -> dict[str, str]:
        """Return the parts that a part points to: relationship id → name."""
        folder, file = posixpath.split(name)
        root = self.root(f"{folder}/_rels/{file}.rels")
        return {
            one.get("Id"): posixpath.normpath(posixpath.join(folder, one.get("Target"))).lstrip("/")
            for one in (() if root is None else root)
            if one.get("TargetMode") != "External" and one.get("Target")
        }

    def _bytes(self, name: str) -> bytes:
        return _STRICT.sub(_TRANSITIONAL, self._zip.read(name))


def related_id(element: Any) -> str:
    """Return the relationship an element names."""
    found: str = element.get(_RELATED) or ""
    return found


def local(element: Any) -> str:
    """Return an element's name without its namespace; "" for comments and instructions."""
    return etree.QName(element).localname if isinstance(element.tag, str) else ""
