"""A second reader, strict: what we write keeps the schemas that Office itself is made by."""

import tempfile
from pathlib import Path

from openxml_audit import FileFormat, OpenXmlValidator

INLINE = "inline-string cell"  # allowed: texts beside their cells, so that memory does not grow


def wrong_with(content: bytes, kind: str) -> list[str]:
    """Return what breaks the schemas in a .docx or .xlsx: misplaced, unknown, dangling, lacking."""
    with tempfile.NamedTemporaryFile(suffix=f".{kind}") as file:
        file.write(content)
        file.flush()
        result = OpenXmlValidator(FileFormat.OFFICE_2019).validate(Path(file.name))
    return [str(error) for error in result.errors if INLINE not in str(error)]
