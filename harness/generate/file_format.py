"""What a scenario file holds, declared once: each step and change with its fields and what they take.

The declarations are annotations; pydantic, imported when a file is read for the first time, takes validation, errors
and JSON Schema from them. What is read becomes values of the model at once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import MISSING, dataclass, field, fields
from typing import Annotated, Any, Literal, get_type_hints

from annotated_types import Ge

from provcheck.harness.generate.trial import SWITCHES
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    ChangeRule,
    ChangeUser,
    ClearFaults,
    Configure,
    Connection,
    ExternalChanges,
    FaultSpec,
    Join,
    Leave,
    PutGroup,
    PutUser,
    RemoveGroup,
    RemoveUser,
    RenameGroup,
    Restart,
    Resync,
    Rule,
    SourceGroup,
    SourceUser,
    UserFilter,
)
from provcheck.harness.model.core_words import WORDS, Kind
from provcheck.harness.model.disruption import Crash
from provcheck.harness.model.external_change import (
    AddMember,
    ChangeAccount,
    ChangeGroup,
    CreateAccount,
    CreateGroup,
    DeleteAccount,
    DeleteGroup,
    RemoveMember,
)
from provcheck.harness.model.reading import shown


@dataclass(frozen=True, slots=True)
class Object:
    """An annotation: an object with these fields, `needed` of them required, from which `make` builds the value.

    With `do` the object also has the field `do`, which must hold this word.
    """

    fields: Mapping[str, Any]
    needed: frozenset[str] = frozenset()
    make: Callable[..., Any] = dict
    do: str = ""

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        types = {**({"do": Literal[self.do]} if self.do else {}), **self.fields}
        declared = {
            name: core_schema.typed_dict_field(
                handler.generate_schema(kind), required=name in self.needed or name == "do"
            )
            for name, kind in types.items()
        }
        schema = core_schema.typed_dict_schema(declared, extra_behavior="forbid")
        return core_schema.no_info_after_validator_function(self._made, schema)

    def _made(self, given: dict[str, Any]) -> Any:
        return self.make(**{name: value for name, value in given.items() if not (self.do and name == "do")})


@dataclass(frozen=True, slots=True)
class OneOf:
    """An annotation: an object of one of these forms, selected by its field `do`."""

    forms: tuple[Object, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        choices = {form.do: handler.generate_schema(Annotated[Any, form]) for form in self.forms}
        schema = core_schema.tagged_union_schema(choices, discriminator="do")
        return core_schema.no_info_before_validator_function(self._checked, schema)

    def _checked(self, given: Any) -> Any:
        words = [form.do for form in self.forms]
        if not isinstance(given, Mapping):
            raise ValueError(f"is an object, not {shown(given)}")
        if given.get("do") not in words:
            raise ValueError(f"do is {', '.join(words)}, not {shown(given.get('do'))}")
        return given


@dataclass(frozen=True, slots=True)
class Checked:
    """An annotation: a value for which `check` raises no ValueError."""

    check: Callable[[Any], Any]

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        from pydantic_core import core_schema

        return core_schema.no_info_after_validator_function(self._checked, handler(source))

    def _checked(self, value: Any) -> Any:
        self.check(value)
        return value


def word(kind: type) -> str:
    """Return the word (snake case) by which a file names a step or change of this class."""
    return re.sub(r"(?<=.)(?=[A-Z])", "_", kind.__name__).lower()


def _form(kind: type, **types: Any) -> Object:
    """Return the form of a class: its fields with their declared types, save those overridden in `types`."""
    return Object(_types(kind, types), _needed(kind), kind, word(kind))


def _types(kind: type, types: Mapping[str, Any], leave_out: Iterable[str] = ()) -> dict[str, Any]:
    """Return the types of the fields of a class: those overridden in `types`, else the declared ones."""
    hints = {name: hint for name, hint in get_type_hints(kind).items() if name not in leave_out}
    return {name: types.get(name, hints[name]) for name in (f.name for f in fields(kind)) if name in hints}


def _needed(kind: type) -> frozenset[str]:
    return frozenset(f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING)


_AT_LEAST_1 = Annotated[int, Ge(1)]
_SET_UP = ("remove_action", "group_membership_handling", "group_remove_action", "unique_user_identifier")
_CONNECTION_TYPES = get_type_hints(Connection)
CONNECTION = Annotated[
    Any,
    Object(
        {
            **{name: _CONNECTION_TYPES[name] for name in (*SWITCHES, *_SET_UP)},
            "members_per_request": _AT_LEAST_1 | None,
        }
    ),
]
_RULE_FIELDS: Mapping[str, Any] = {
    "enabled": bool,
    "user_filter": Annotated[str, Checked(UserFilter.parse)] | None,
    "groups": tuple[str, ...] | None,
}
RULE = Annotated[Any, Object({**dict.fromkeys(("name", "source", "target"), str), **_RULE_FIELDS}, make=Rule)]
_FAULT_FIELDS = _types(FaultSpec, {"times": _AT_LEAST_1 | None}, leave_out=("outcome",))
FAULT = Annotated[Any, Object(_FAULT_FIELDS, _needed(FaultSpec), FaultSpec)]
_OF_KIND = {Kind.SWITCH: bool, Kind.PHONES: list[dict[str, str]], Kind.ADDRESS: dict[str, str]}
_ACCOUNT_WORDS: Mapping[str, Any] = {
    word.name: _OF_KIND.get(word.kind, str) for word in WORDS.values() if word.name != "userName"
}
ACCOUNT = Annotated[Any, Object({"userName": str, **_ACCOUNT_WORDS}, frozenset({"userName"}))]
_GROUP_WORDS: Mapping[str, Any] = dict.fromkeys(("displayName", "externalId"), str)
REMOTE_GROUP = Annotated[Any, Object({**_GROUP_WORDS, "members": list[str]}, frozenset({"displayName"}))]
_USER_CHANGES = Annotated[Any, Object(_types(SourceUser, {}, leave_out=("id",)))]

EDITS = (
    _form(PutUser),
    _form(ChangeUser, changes=_USER_CHANGES),
    _form(RemoveUser),
    _form(PutGroup),
    _form(RenameGroup),
    _form(RemoveGroup),
    _form(Join),
    _form(Leave),
)
CHANGES = (
    _form(CreateAccount, account=ACCOUNT),
    _form(ChangeAccount, changes=Annotated[Any, Object(_ACCOUNT_WORDS)]),
    _form(DeleteAccount),
    _form(CreateGroup),
    _form(ChangeGroup, changes=Annotated[Any, Object(_GROUP_WORDS)]),
    _form(DeleteGroup),
    _form(AddMember),
    _form(RemoveMember),
)
_EDITS: Any = tuple[Annotated[Any, OneOf(EDITS)], ...]
STEPS = (
    _form(Apply, edits=_EDITS),
    _form(Resync),
    _form(Configure, changes=CONNECTION),
    _form(ChangeRule, changes=Annotated[Any, Object(_RULE_FIELDS)]),
    _form(ArmFaults, faults=tuple[FAULT, ...]),
    _form(ClearFaults),
    _form(Restart),
    _form(ExternalChanges, changes=tuple[Annotated[Any, OneOf(CHANGES)], ...]),
    _form(Crash, requests=_AT_LEAST_1, edits=_EDITS),
)
NAMED: frozenset[Any] = frozenset(form.make for form in (*STEPS, *EDITS, *CHANGES))
"""The classes that a file names with `do`."""
STEP = Annotated[Any, OneOf(STEPS)]


@dataclass(frozen=True, slots=True)
class GivenDocument:
    """The initial state: the source, the rule, the connection, and the target."""

    users: tuple[SourceUser, ...] = ()
    groups: tuple[SourceGroup, ...] = ()
    rule: RULE = field(default_factory=Rule)
    connection: CONNECTION = field(default_factory=dict)
    flags: Mapping[str, Any] = field(default_factory=dict)
    accounts: tuple[ACCOUNT, ...] = ()
    groups_at_target: tuple[REMOTE_GROUP, ...] = ()
    faults: tuple[FAULT, ...] = ()


@dataclass(frozen=True, slots=True)
class ScenarioDocument:
    """A scenario file: the initial state, and the steps of the disruption."""

    provcheck_scenario: Literal[1]
    target: str
    name: str = "scenario"
    seed: str = ""
    given: GivenDocument = field(default_factory=GivenDocument)
    steps: tuple[STEP, ...] = ()
