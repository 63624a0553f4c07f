"""Memberships as they come in: who is named, with what beside it; and the edits a PATCH makes of them.

Members never enter a document. An edit names only those it is about, so its cost does not depend on the group.
"""

from __future__ import annotations

from typing import Any

from provcheck.mock_targets.operations.membership_changes import Member, MembershipEdit
from provcheck.mock_targets.query.attributes import Attribute
from provcheck.mock_targets.query.text import well_formed
from provcheck.mock_targets.query.tree import selected_values
from provcheck.mock_targets.scim.errors import InvalidSyntax, InvalidValue, Mutability
from provcheck.mock_targets.scim.leniency import Leniency
from provcheck.mock_targets.scim.paths import PatchPath
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.scim.values import read_value


def read_members(attribute: Attribute, value: Any, leniency: Leniency) -> tuple[Member, ...]:
    """The members a list names, each once, in order. Raises InvalidValue and InvalidSyntax."""
    if value is None:
        return ()
    if not isinstance(value, list):
        if not leniency.single_for_list:
            raise InvalidValue(f"{attribute.path} is a list of values")
        value = [value]
    members: dict[str, Member] = {}
    for item in value:
        member = _read_member(attribute, item, leniency)
        members.setdefault(member.id, member)
    return tuple(members.values())


def edit_members(op: str, path: PatchPath, value: Any, leniency: Leniency) -> list[MembershipEdit]:
    """The edits that one PATCH operation on the membership attribute asks for; `value` None means none is given."""
    attribute, sub = path.place.attribute, path.place.sub
    assert attribute is not None
    if path.test is not None:
        return _edit_selected(op, path, value, leniency)
    if sub is None:
        return _edit_listed(op, attribute, value, leniency)
    if sub.name == "value" and leniency.bare_complex_values:
        ids = value if isinstance(value, list) or value is None else [value]
        return _edit_listed(op, attribute, ids, leniency)
    return _stays(sub, leniency)


def _edit_listed(op: str, attribute: Attribute, value: Any, leniency: Leniency) -> list[MembershipEdit]:
    if op == "remove" and value is None:
        return [MembershipEdit("replace")]
    if op == "remove" and not leniency.remove_with_value:
        raise InvalidValue("remove takes no value: its path says what to remove")
    if value == "" and op == "replace" and leniency.clears_with_empty_string:
        value = None
    if op == "add" and isinstance(value, dict):
        value = [value]  # one more value (RFC 7644 section 3.5.2.1)
    members = read_members(attribute, value, leniency)
    if op == "replace":
        return [MembershipEdit("replace", members)]
    return [MembershipEdit("add" if op == "add" else "remove", members)] if members else []


def _edit_selected(op: str, path: PatchPath, value: Any, leniency: Leniency) -> list[MembershipEdit]:
    attribute, sub = path.place.attribute, path.place.sub
    assert attribute is not None
    assert path.query is not None
    ids = selected_values(path.query)
    members = tuple(Member(id) for id in ids or ())
    slot = sub is None or (sub.name == "value" and leniency.creates_missing_values)
    if op == "remove" and slot:
        must_exist = not leniency.remove_absent
        if ids is None:
            return [MembershipEdit("remove_where", where=path.test, must_exist=must_exist)]
        return [MembershipEdit("remove", members, must_exist=must_exist)]
    if slot and ids is not None and leniency.creates_missing_values:
        return [MembershipEdit("add", tuple(_with_extras(attribute, id, value, leniency) for id in ids))]
    if sub is not None:
        return _stays(sub, leniency)
    if not isinstance(value, dict):
        raise InvalidValue(f"a value of {attribute.path} is an object")
    for key, part in value.items():
        if key.lower() != "value" or ids != (part,):
            _stays(attribute.sub(key) or attribute, leniency)
    return [MembershipEdit("add", members, must_exist=True)]


def _stays(sub: Attribute, leniency: Leniency) -> list[MembershipEdit]:
    """No edit, if that is what is wanted: what is said about a member is settled when it joins. Raises Mutability."""
    if sub.mutability == "readOnly" and leniency.ignores_read_only:
        return []
    raise Mutability(f"{sub.path} cannot change: remove the member and add another")


def _with_extras(attribute: Attribute, id: str, value: Any, leniency: Leniency) -> Member:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return _read_member(attribute, {**value, "value": id} if isinstance(value, dict) else {"value": id}, leniency)


def _read_member(attribute: Attribute, item: Any, leniency: Leniency) -> Member:
    if isinstance(item, str) and leniency.bare_complex_values:
        item = {"value": item}
    if not isinstance(item, dict):
        raise InvalidValue(f"every one of {attribute.path} is an object with a 'value'")
    if len(item) == 1 and "value" in item:
        return Member(_id(attribute, item["value"], leniency))
    said: Json = {}
    for key, part in item.items():
        sub = attribute.sub(key)
        if sub is None:
            if leniency.member_references and key == "id":
                said.setdefault("value", part)
            elif not (leniency.member_extras or leniency.ignores_unknown_attributes):
                raise InvalidSyntax(f"{attribute.path} has no sub-attribute {key!r:.80}")
        elif part is not None:
            said[sub.name] = part
    reference = said.pop("$ref", None)
    if "value" not in said and leniency.member_references and isinstance(reference, str):
        said["value"] = reference.rstrip("/").rpartition("/")[2]
    id = _id(attribute, said.pop("value", None), leniency)
    kept = (sub for sub in attribute.sub_attributes if sub.name in said and sub.mutability != "readOnly")
    extras = ((sub, read_value(sub, said[sub.name], leniency)) for sub in kept)
    return Member(id, {sub.name: read for sub, read in extras if read is not None})


def _id(attribute: Attribute, value: Any, leniency: Leniency) -> str:
    if isinstance(value, int) and not isinstance(value, bool) and leniency.loose_types:
        value = str(value)
    if not isinstance(value, str) or not value:
        raise InvalidValue(f"{attribute.path}.value is required: the id of a member")
    if not well_formed(value):
        raise InvalidValue(f"{attribute.path}.value is not valid Unicode")
    return value
