"""A finding: the client under test is wrong, with what shows it. An error (we are wrong) is never a finding."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Severity = Literal["fault", "warning"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found.

    `check` names the check, `rule` says in one sentence what must hold, `entity` is who or what breaks it (a user, a
    group, a counter), `source` is the page and row, or the section, the rule comes from, and `exchanges` are the
    sequence numbers of the journal entries that show it.
    """

    check: str
    rule: str
    entity: str
    expected: str
    seen: str
    source: str
    exchanges: tuple[int, ...] = ()
    severity: Severity = field(default="fault", kw_only=True)

    def as_dict(self) -> dict[str, Any]:
        """The finding as JSON-ready data."""
        return asdict(self)
