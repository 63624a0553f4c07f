"""The paths of a PATCH operation (version 2) and of `meta.attributes` (version 1), as one small value.

Source: https://docs.slack.dev/reference/scim-api#attributes-2, which parts a URN from an attribute with a colon here
and a dot there, and leaves the id in `members[value eq U123ABC456]` without quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from provcheck.mock_targets.vendors.slack import urns
from provcheck.mock_targets.vendors.slack.errors import SlackError
from provcheck.mock_targets.vendors.slack.filters import Filter, read_filter

MAX_LENGTH = 1024
_PATH = re.compile(r"(?P<name>[A-Za-z$][\w$-]*)(?:\[(?P<where>.*)\])?(?:\.(?P<sub>[A-Za-z$][\w$.-]*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Path:
    """An attribute or (a URN) an extension, a selection among its values, a part of it; what is missing is empty."""

    name: str
    sub: str = ""
    where: Filter | None = None

    @property
    def low(self) -> str:
        """The name in lower case."""
        return self.name.lower()


def read_path(text: object) -> Path:
    """The meaning of a path. Raises SlackError: invalid_request_payload, and what the filter in it raises."""
    if not isinstance(text, str) or len(text) > MAX_LENGTH:
        raise SlackError("invalid_request_payload")
    urn, rest = urns.split(text.strip().removeprefix("/"))
    if urn is not None:
        return Path(urn, rest)
    found = _PATH.fullmatch(rest)
    if found is None:
        raise SlackError("invalid_request_payload")
    where = None if found["where"] is None else read_filter(found["where"])
    return Path(found["name"], found["sub"] or "", where)
