"""Pure state: documents, unique indexes and the membership relation. Independent of HTTP and of vendors."""

from provcheck.mock_targets.directory.errors import Conflict, DirectoryError, NotFound, UnknownMember
from provcheck.mock_targets.directory.index import IndexSpec, exact, folded
from provcheck.mock_targets.directory.interface import Directory
from provcheck.mock_targets.directory.memory import MemoryDirectory
from provcheck.mock_targets.directory.record import Document, Record

__all__ = [
    "Conflict",
    "Directory",
    "DirectoryError",
    "Document",
    "IndexSpec",
    "MemoryDirectory",
    "NotFound",
    "Record",
    "UnknownMember",
    "exact",
    "folded",
]
