"""Partial answers: masks such as `kind,users(id,name/givenName)`, and plain lists of names.

The language has commas, nested parentheses, `/` for what is inside, and `*` for every name.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from provcheck.mock_targets.rest.errors import Invalid

Mask = Mapping[str, "Mask | None"]
"""Name -> the mask of what is inside; None: all of it. The name `*` stands for every name."""
MAX_DEPTH = 20
_TOKEN = re.compile(r"[A-Za-z0-9_.\-$@*]+|[(),/]", re.ASCII)


def parse_mask(parameter: str, text: str) -> Mask:
    """Read a mask. Raises Invalid for one that cannot be read or is nested too deeply."""
    tokens = _TOKEN.findall(text)
    if sum(map(len, tokens)) != len(text.replace(" ", "")) or not tokens:
        raise Invalid(parameter, "format", text)
    root: dict[str, Any] = {}
    open_at: list[dict[str, Any]] = [root]  # the objects whose parentheses are open
    here, last = root, ""
    for token in tokens:
        if token == ",":
            here, last = open_at[-1], ""
        elif token == ")":
            if len(open_at) == 1:
                raise Invalid(parameter, "format", text)
            open_at.pop()
            last = ")"
        elif token in "(/":
            if last in ("", ")", "/") or len(open_at) > MAX_DEPTH:
                raise Invalid(parameter, "format", text)
            here[last] = here = here.get(last) or {}
            if token == "(":
                open_at.append(here)
            last = "" if token == "(" else "/"
        elif last not in ("", "/"):
            raise Invalid(parameter, "format", text)
        else:
            here.setdefault(token, None)
            last = token
    if len(open_at) > 1 or last in ("", "/"):
        raise Invalid(parameter, "format", text)
    return root


def masked(body: Any, mask: Mask) -> Any:
    """Return what a mask leaves of a body; a list is masked item by item."""
    if isinstance(body, list):
        return [masked(each, mask) for each in body]
    if not isinstance(body, dict):
        return body
    kept = {}
    for name, value in body.items():
        if name in mask or "*" in mask:
            inner = mask.get(name, mask.get("*"))
            kept[name] = value if inner is None else masked(value, inner)
    return kept


def names_mask(text: str) -> Mask:
    """Read a list of names with commas between, as `$select` and `sysparm_fields` are."""
    return {name.strip(): None for name in text.split(",") if name.strip()}
