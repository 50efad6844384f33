"""Files people upload: checked for what they are, stored by UUID, given back as attachments."""

from chassis.files.kinds import DOCUMENTS, EVIDENCE, Kind, kind_of
from chassis.files.store import Files, FileStore, StoredFile, StoredFileView

__all__ = [
    "DOCUMENTS",
    "EVIDENCE",
    "FileStore",
    "Files",
    "Kind",
    "StoredFile",
    "StoredFileView",
    "kind_of",
]
