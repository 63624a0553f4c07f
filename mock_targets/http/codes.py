"""Refusals told by codes of a vendor's own: which code an exception has, and which status goes with a code.

A note in brackets may follow the code (`long_username (user=ada)`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from provcheck.mock_targets.http.errors import WireError
from provcheck.mock_targets.target.flags import Behaviour, Flag, flag, names_in

if TYPE_CHECKING:
    from provcheck.mock_targets.http.request import Request

MAX_NOTE = 100
"""Longest value repeated in a note, in characters; a hostile one is not echoed in full."""


class Refused(Exception):
    """A refusal by one of a vendor's codes. `flag` is the flag of the target that leads to it, if one does."""

    def __init__(self, code: str, *, flag: str | None = None, **note: object) -> None:
        said = ", ".join(f"{key}={str(value)[:MAX_NOTE]}" for key, value in note.items())
        self.detail = f"{code} ({said})" if said else code
        super().__init__(self.detail)
        self.code, self.flag = code, flag


Told = str | Mapping[str | None, str] | Callable[[Any, "Request"], Refused]
"""The code of an exception; or codes by what it is `about` (None: by anything else); or a function of it and the
request."""


@dataclass(frozen=True)
class Codes:
    """The codes of an API, as lists of codes with blanks between.

    `statuses` have the status of the codes below it, `flags` the flag whose value is their status; the status of all
    other codes is `otherwise`. `told` is the code of each exception, by the nearest class.
    """

    told: Mapping[type[Exception], Told]
    statuses: Mapping[int, str]
    flags: Mapping[str, str]
    otherwise: int = 400

    @cached_property
    def _known(self) -> Mapping[str, int | str]:
        known: dict[str, int | str] = {code: status for status, each in self.statuses.items() for code in each.split()}
        return known | {code: flag for flag, each in self.flags.items() for code in each.split()}

    def refusal(self, error: Exception, request: Request) -> tuple[Refused, int]:
        """Return a refusal and its status; an exception of HTTP whose code has none keeps its own."""
        refused = error if isinstance(error, Refused) else self._refused(error, request)
        own = error.status if isinstance(error, WireError) else self.otherwise
        status = self._known.get(refused.code, own)
        return refused, int(getattr(request.behaviour, status) if isinstance(status, str) else status)

    def _refused(self, error: Exception, request: Request) -> Refused:
        told = next(self.told[kind] for kind in type(error).__mro__ if kind in self.told)
        if isinstance(told, str):
            return Refused(told)
        if isinstance(told, Mapping):
            return Refused(told.get(getattr(error, "about", None), told[None]))
        return told(error, request)


def status_flag(name: str, statuses: str, codes: str, source: str) -> Flag:
    """Declare the flag whose value is the status of some codes; the default is the first one of `404|400`."""
    return flag(name, statuses, f"The status that goes with {codes.replace(' ', ', ')}.", source)


def refuse_named(name: str, codes: Mapping[str, str], behaviour: Behaviour, **note: object) -> None:
    """Raise Refused if one of these flags, which list names, has the name: with the code of that flag."""
    for listing, code in codes.items():
        if name.casefold() in names_in(getattr(behaviour, listing)):
            raise Refused(code, flag=listing, **note)
