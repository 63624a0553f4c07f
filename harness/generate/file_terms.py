"""The words of a scenario file: which fields each step and edit has, and what each field takes.

A reader takes a value and the place where it stands, and gives what is meant or raises
BadScenarioFile with that place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from typing import Any, cast

from provcheck.harness.generate.trial import SWITCHES
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    BadRule,
    ChangeRule,
    ChangeUser,
    ClearFaults,
    Configure,
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

Reader = Callable[[Any, str], Any]


class BadScenarioFile(ValueError):
    """A scenario file that cannot be played; the message is one line that names the place."""


def _of(kind: type, words: str) -> Reader:
    def read(value: Any, place: str) -> Any:
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise BadScenarioFile(f"{place}: is {words}, not {value!r}")
        return value

    return read


def _or_none(read: Reader) -> Reader:
    return lambda value, place: None if value is None else read(value, place)


def _list(read: Reader) -> Reader:
    def read_all(value: Any, place: str) -> Any:
        if not isinstance(value, list):
            raise BadScenarioFile(f"{place}: is a list, not {value!r}")
        return tuple(read(each, f"{place}[{number}]") for number, each in enumerate(value, start=1))

    return read_all


def _one_of(*choices: Any) -> Reader:
    def read(value: Any, place: str) -> Any:
        if value not in choices:
            raise BadScenarioFile(f"{place}: is {' or '.join(map(str, choices))}, not {value!r}")
        return value

    return read


def _object(known: Mapping[str, Reader], needed: tuple[str, ...] = ()) -> Reader:
    def read(value: Any, place: str) -> Any:
        given = _mapping(value, place)
        for key in given:
            if key not in known:
                raise BadScenarioFile(f"{place}: there is no {key!r}; there are {', '.join(known)}")
        for key in needed:
            if key not in given:
                raise BadScenarioFile(f"{place}: needs {key}")
        return {key: known[key](each, f"{place}.{key}") for key, each in given.items()}

    return read


def _made(kind: type, **readers: Reader) -> Reader:
    """Reads an object into a dataclass, whose fields without a usual value are needed."""
    needed = [f.name for f in fields(kind) if f.default is MISSING and f.default_factory is MISSING]
    read = _object(readers, tuple(needed))

    def make(value: Any, place: str) -> Any:
        try:
            return kind(**read(value, place))
        except BadScenarioFile:
            raise
        except (ValueError, TypeError) as error:
            raise BadScenarioFile(f"{place}: {error}") from None

    return make


def _filter(value: Any, place: str) -> str:
    try:
        UserFilter.parse(_text(value, place))
    except BadRule as error:
        raise BadScenarioFile(f"{place}: {error}") from None
    return cast(str, value)


def _count(value: Any, place: str) -> int:
    if _number(value, place) < 1:
        raise BadScenarioFile(f"{place}: is at least 1, not {value}")
    return cast(int, value)


_text, _truth, _number = _of(str, "a text"), _of(bool, "true or false"), _of(int, "a whole number")
_mapping = _of(dict, "an object")
_texts = _list(_text)


def _seconds(value: Any, place: str) -> float:
    return float(value) if isinstance(value, float) else float(_number(value, place))


_USER: dict[str, Reader] = {
    **dict.fromkeys(("user_name", "email", "given_name", "family_name", "display_name"), _text),
    "external_id": _or_none(_text),
    "active": _truth,
    "attributes": lambda value, place: {key: _text(v, f"{place}.{key}") for key, v in _mapping(value, place).items()},
}
_user = _made(SourceUser, id=_text, **_USER)
_group = _made(SourceGroup, id=_text, name=_text, members=_texts, external=_truth, external_id=_or_none(_text))
_words: dict[str, Reader] = {
    **dict.fromkeys(("externalId", "givenName", "familyName", "displayName", "email"), _text),
    "active": _truth,
}
_account = _object({"userName": _text, **_words}, ("userName",))
_remote_group = _object(
    {"displayName": _text, "externalId": _text, "members": lambda value, place: list(_texts(value, place))},
    ("displayName",),
)
_connection = _object(
    {
        **dict.fromkeys(SWITCHES, _truth),
        "remove_action": _one_of("Disable", "Delete"),
        "group_membership_handling": _one_of("Merge", "Overwrite"),
        "unique_user_identifier": _one_of("userName", "workEmail"),
        "members_per_request": _or_none(_count),
    }
)
_rule_fields: dict[str, Reader] = {
    "enabled": _truth,
    "user_filter": _or_none(_filter),
    "groups": _or_none(_texts),
}
_fault = _made(
    FaultSpec,
    **dict.fromkeys(("operation", "name", "fault"), _text),
    entity=_or_none(_text),
    moment=_one_of("before", "after"),
    times=_or_none(_count),
    skip=_number,
    status=_or_none(_number),
    headers=lambda value, place: {key: _text(v, f"{place}.{key}") for key, v in _mapping(value, place).items()},
    loses_answer=_truth,
    delay=_seconds,
    parameters=_mapping,
)


def _named(*known: tuple[type, dict[str, Reader]]) -> tuple[dict[str, type], Reader]:
    """Classes by the word that names them, and a reader of objects that name one of them."""
    words = {re.sub(r"(?<=.)(?=[A-Z])", "_", kind.__name__).lower(): (kind, readers) for kind, readers in known}
    makers = {word: _made(kind, **readers) for word, (kind, readers) in words.items()}

    def read(value: Any, place: str) -> Any:
        word = _mapping(value, place).get("do")
        if word not in makers:
            raise BadScenarioFile(f"{place}: do is {', '.join(makers)}, not {word!r}")
        return makers[word]({key: each for key, each in value.items() if key != "do"}, place)

    return {word: kind for word, (kind, _) in words.items()}, read


_edits, _edit = _named(
    (PutUser, {"user": _user}),
    (ChangeUser, {"id": _text, "changes": _object(_USER)}),
    (RemoveUser, {"id": _text}),
    (PutGroup, {"group": _group}),
    (RenameGroup, {"id": _text, "name": _text}),
    (RemoveGroup, {"id": _text}),
    (Join, {"group": _text, "user": _text}),
    (Leave, {"group": _text, "user": _text}),
)
_external_changes, _external_change = _named(
    (CreateAccount, {"account": _account}),
    (ChangeAccount, {"user_name": _text, "changes": _object(_words)}),
    (DeleteAccount, {"user_name": _text}),
    (CreateGroup, {"name": _text, "members": _texts}),
    (ChangeGroup, {"name": _text, "changes": _object({"displayName": _text, "externalId": _text})}),
    (DeleteGroup, {"name": _text}),
    (AddMember, {"group": _text, "user_name": _text}),
    (RemoveMember, {"group": _text, "user_name": _text}),
)
_steps, _step = _named(
    (Apply, {"edits": _list(_edit)}),
    (Resync, {}),
    (Configure, {"changes": _connection}),
    (ChangeRule, {"changes": _object(_rule_fields)}),
    (ArmFaults, {"faults": _list(_fault)}),
    (ClearFaults, {}),
    (Restart, {}),
    (ExternalChanges, {"changes": _list(_external_change)}),
    (Crash, {"requests": _count, "edits": _list(_edit), "resync": _truth}),
)
CLASSES: Mapping[str, type] = {**_steps, **_edits, **_external_changes}
"""Every class that a file names, by its word."""
READERS: Mapping[str, Reader] = {"text": _text, "steps": _list(_step)}
GIVEN: Mapping[str, Reader] = {
    "users": _list(_user),
    "groups": _list(_group),
    "rule": _made(Rule, name=_text, source=_text, target=_text, **_rule_fields),
    "connection": _connection,
    "flags": _mapping,
    "accounts": _list(_account),
    "groups_at_target": _list(_remote_group),
    "faults": _list(_fault),
}
"""What can be given, and what it takes."""
