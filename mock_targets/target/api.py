"""An API of a target: its path and its dialect."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from provcheck.mock_targets.faults.facts import Surface
from provcheck.mock_targets.target.flags import Flag

if TYPE_CHECKING:
    from provcheck.mock_targets.target.target import Target

TOKEN_URL = "token_url"
"""The label of the API of a target that issues tokens (OAuth 2)."""


class Dialect(Surface, Protocol):
    """What a target needs of a dialect, independent of the protocol."""

    def __init__(self, target: Target, api: Api) -> None:
        """Create the dialect of an API of a target."""

    @classmethod
    def declared(cls) -> tuple[Flag, ...]:
        """Return the flags that users of the mock can set for this dialect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Api:
    """One API of a target.

    `path` is where it lies below the place at which the target is mounted (no slash at the end). `dialect` makes the
    dialect of a target for this API. `label` is the name of its base URL for clients; an API without one is not
    announced. `base_path` is what clients are given as base URL, where that is more than `path`.
    """

    path: str
    dialect: type[Dialect]
    label: str | None = None
    base_path: str | None = None
