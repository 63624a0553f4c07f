"""Attribute tables written as lines of text, for vendors whose schemas are their own.

Each line is `name type marks | description`; indented lines are the sub-attributes of the line above them. Marks are
`!` (required), `r` (read-only), `w` (write-only, never shown), `u` (unique), `m` (multi-valued) and canonical values
in parentheses.
"""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]
_TYPES = frozenset(("string", "boolean", "decimal", "integer", "dateTime", "reference", "binary", "complex"))


def attributes_from(text: str) -> list[Json]:
    """The attributes of a schema document (RFC 7643 section 7). Raises ValueError for a line that cannot be read."""
    rows: list[Json] = []
    for line in text.splitlines():
        if not line.strip():
            continue
        row = _row(line)
        if line.startswith(" "):
            rows[-1].setdefault("subAttributes", []).append(row)
        else:
            rows.append(row)
    return rows


def _row(line: str) -> Json:
    head, bar, description = line.partition("|")
    name, *words = head.split()
    row: Json = {"name": name, "type": "string", "multiValued": False, "description": description.strip()}
    row |= {"required": False, "caseExact": False, "mutability": "readWrite", "returned": "default"}
    row["uniqueness"] = "none"
    for word in words:
        if word in _TYPES:
            row["type"] = word
        elif word.startswith("("):
            row["canonicalValues"] = word.strip("()").split(",")
        elif bar and set(word) <= _MARKS.keys():
            for mark in word:
                row |= _MARKS[mark]
        else:
            raise ValueError(f"{line.strip()!r}: {word!r} is neither a type nor a mark")
    return row


_MARKS: dict[str, Json] = {
    "!": {"required": True},
    "r": {"mutability": "readOnly"},
    "w": {"mutability": "writeOnly", "returned": "never"},
    "u": {"uniqueness": "server"},
    "m": {"multiValued": True},
}
