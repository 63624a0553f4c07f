"""The environment variables that tell a program where the targets are: `PROVCHECK_SCIM_URL`, `PROVCHECK_SCIM_TOKEN`.

A target that is served alone also has the names `PROVCHECK_URL` and `PROVCHECK_TOKEN`. One that issues tokens has
`PROVCHECK_SCIM_TOKEN_URL`, `PROVCHECK_SCIM_CLIENT_ID` and `PROVCHECK_SCIM_CLIENT_SECRET` too.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from pathlib import Path

from provcheck.mock_targets.target.target import Target

SECRETS = ("TOKEN", "SECRET")
"""Ends of the names of variables whose values are secrets."""


def variables(
    targets: Mapping[str, Target], *, control_url: str, control_token: str, ca_file: Path | None = None
) -> dict[str, str]:
    """Every variable and its value; those whose names end as in SECRETS are secrets."""
    found: dict[str, str] = {}
    for target in targets.values():
        for prefix in ([""] if len(targets) == 1 else []) + [f"{_word(target.name)}_"]:
            found[f"PROVCHECK_{prefix}URL"] = main_url(target)
            found[f"PROVCHECK_{prefix}TOKEN"] = target.token
            if target.token_url is not None:
                found[f"PROVCHECK_{prefix}TOKEN_URL"] = target.token_url
                found[f"PROVCHECK_{prefix}CLIENT_ID"] = target.tokens.client_id
                found[f"PROVCHECK_{prefix}CLIENT_SECRET"] = target.tokens.client_secret
    found |= {"PROVCHECK_CONTROL_URL": control_url, "PROVCHECK_CONTROL_TOKEN": control_token}
    if ca_file is not None:
        found["PROVCHECK_CA_FILE"] = str(ca_file)
    return found


def main_url(target: Target) -> str:
    """The base URL that a client is configured with: that of the target's first API."""
    return next(iter(target.urls().values()))


def as_shell(name: str, value: str) -> str:
    """A line for a POSIX shell that sets a variable."""
    return f"export {name}={shlex.quote(value)}"


def _word(name: str) -> str:
    return re.sub(r"\W", "_", name).upper()
