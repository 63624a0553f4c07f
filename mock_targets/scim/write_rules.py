"""What a target does about single attributes when resources are written, beyond their schema: one rule for each."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.http.codes import Refused
from provcheck.mock_targets.scim.errors import Mutability
from provcheck.mock_targets.target.flags import Behaviour

_OUTCOMES = ("accepted", "ignored", "refused")
_SWITCHED = {True: "accepted", False: "ignored"}


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteRule:
    """What happens to an attribute that is written.

    `create` is about a value given for a new resource, `update` about one that differs from what is there: it is
    `accepted`, `ignored` (the attribute stays as it was) or `refused`, with the `code` of the vendor or as Mutability;
    or they are the name of the flag that says so (a switch: accepted or ignored). `form` gives a value as it is kept,
    before it is compared with what is there. `check` looks at a value that is accepted and at the document, and may
    raise a refusal.
    """

    create: str = "accepted"
    update: str = "accepted"
    code: str | None = None
    flag: str | None = None
    """The flag of the target that says what happens to an update."""
    form: Callable[[Any], Any] | None = None
    check: Callable[[Any, Document], object] | None = None

    def under(self, behaviour: Behaviour) -> WriteRule:
        """The rule with what its flags say."""
        flags = {name: flag for name in ("create", "update") if (flag := getattr(self, name)) not in _OUTCOMES}
        if not flags:
            return self
        said = {name: getattr(behaviour, flag) for name, flag in flags.items()}
        outcomes = {name: _SWITCHED.get(value, value) for name, value in said.items()}
        return replace(self, flag=flags.get("update"), **outcomes)

    def written(self, name: str, old: Any, new: Any, document: Document, *, is_new: bool) -> Any:
        """The value that is kept in the place of the old one. Raises Refused, Mutability and what the checks raise."""
        formed = new if self.form is None or new is None else self.form(new)
        if formed == old:
            return old
        outcome = self.create if is_new else self.update
        if outcome == "ignored":
            return old
        if outcome == "refused":
            raise (
                Refused(self.code, flag=self.flag)
                if self.code
                else Mutability(f"{name} cannot change once it is set", flag=self.flag)
            )
        if self.check is not None and formed is not None:
            self.check(formed, document)
        return formed


def settled(rules: Mapping[str, WriteRule], before: Document | None, after: Document) -> Document:
    """The document as it is kept (the one given when the rules change nothing). Raises what the rules raise."""
    old = before or {}
    kept = {
        name: rule.written(name, old.get(name), after.get(name), after, is_new=before is None)
        for name, rule in rules.items()
    }
    if all(after.get(name) == value for name, value in kept.items()):
        return after
    new = {**after, **kept}
    return {name: value for name, value in new.items() if value is not None}
