"""One stored resource. A record is a value: a change makes a new one, so a reader never sees half a change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Record:
    """A resource as the directory holds it.

    `document` is the JSON object in the target's own format, without id, metadata and memberships; it is never
    mutated. `version` starts at 1 and grows by one with each change, a change of memberships included.
    """

    kind: str
    id: str
    document: Document
    version: int
    created: datetime
    modified: datetime
