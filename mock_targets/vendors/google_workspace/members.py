"""Members of groups, and aliases of users and groups: collections below a user or group.

Source: the discovery document (members, aliases), and what clients of the service report about refused removals.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from provcheck.mock_targets.directory import Conflict, NotFound, Record
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.text import fold, is_email
from provcheck.mock_targets.rest import members
from provcheck.mock_targets.rest.attributes import Field, Table
from provcheck.mock_targets.rest.errors import Invalid, Refusal
from provcheck.mock_targets.vendors.google_workspace import render
from provcheck.mock_targets.vendors.google_workspace.errors import invalid, missing, not_met
from provcheck.mock_targets.vendors.google_workspace.requests import (
    GROUPS,
    PAGES,
    USERS,
    list_of,
    overridden,
    partial_of,
)

if TYPE_CHECKING:
    from provcheck.mock_targets.vendors.google_workspace.dialect import DirectoryDialect

ROLES = ("OWNER", "MANAGER", "MEMBER")
_DELIVERY = ("ALL_MAIL", "DAILY", "DIGEST", "DISABLED", "NONE")
MEMBER = Table(
    (
        Field("email", max_length=254),
        Field("id", max_length=254),
        Field("role", choices=ROLES),
        Field("delivery_settings", choices=_DELIVERY),
        Field("type", mutability="readOnly"),
    )
)


def routes(dialect: DirectoryDialect) -> Iterable[Route]:
    """The routes of members and aliases."""

    def of(view: Callable[[Request, DirectoryDialect, Record], Answer]) -> Callable[[Request], Answer]:
        def run(request: Request) -> Answer:
            dialect.offered(request, GROUPS)
            return view(request, dialect, dialect.find(request, GROUPS, request.params["id"]))

        return run

    at = f"{GROUPS.path}/<id>/members"
    listed = Route("GET", at, "member.list", of(list_members))
    insert = Route("POST", at, "member.add", of(insert_member), writes=True)
    yield listed
    yield replace(insert, view=partial(overridden, listed, insert))
    yield Route("GET", f"{at}/<member>", "member.get", of(get_member))
    yield Route("PUT", f"{at}/<member>", "member.update", of(update_member), writes=True)
    yield Route("PATCH", f"{at}/<member>", "member.update", of(update_member), writes=True)
    yield Route("DELETE", f"{at}/<member>", "member.remove", of(delete_member), writes=True)
    yield Route("GET", f"{GROUPS.path}/<id>/hasMember/<member>", "member.get", of(has_member))
    for resource in (USERS, GROUPS):
        at, word = f"{resource.path}/<id>/aliases", resource.word
        yield Route("GET", at, f"{word}.get", partial(list_aliases, dialect, resource.kind))
        yield Route("POST", at, f"{word}.update", partial(insert_alias, dialect, resource.kind), writes=True)
        yield Route(
            "DELETE", f"{at}/<alias>", f"{word}.update", partial(delete_alias, dialect, resource.kind), writes=True
        )


# members


def find_member(request: Request, dialect: DirectoryDialect, key: str) -> str | None:
    """Return the id under which a member key is related to groups: an id, an address or an alias; None if unknown."""
    directory = request.target.directory
    if directory.locate(key) is not None:
        return key
    for kind in ("User", "Group"):
        for record in directory.find(kind, "address", key):
            return record.id
    return None


def list_members(request: Request, dialect: DirectoryDialect, group: Record) -> Answer:
    """A page of members: of some roles, direct or (includeDerivedMembership) through groups in the group as well."""
    paging = replace(PAGES(default=200, most=200), refuses_more=request.behaviour.large_pages == "refused")
    count = paging.count(request)
    start = paging.start(request, count)
    roles = _roles(request)
    request.operations.announce("member.list", kind="Membership", names=_names(request, group))
    derived = request.argument("includeDerivedMembership") == "true"
    directory = request.target.directory
    every = members.derived_members(request, group) if derived else directory.members(group.id)
    found = [(id, extras) for id, extras in every.items() if extras.get("role", "MEMBER") in roles]
    rows = [render.member(request, group, id, extras, listed=True) for id, extras in found[start : start + count]]
    return Answer(200, list_of(request, "members", rows, paging.following(request, start, count, len(found))))


def _roles(request: Request) -> frozenset[str]:
    text = request.argument("roles")
    roles = frozenset(each.strip() for each in text.split(",")) if text else frozenset(ROLES)
    if not roles <= frozenset(ROLES):
        raise invalid("roles")
    return roles


def insert_member(request: Request, dialect: DirectoryDialect, group: Record) -> Answer:
    """Add a member, named by address or id."""
    _check_writable(request)
    given = MEMBER.read(request.json(), creating=True)
    key = given.get("email") or given.get("id")
    if not key:
        raise Refusal(400, "required", "Missing required field: member")
    id = _new_member(request, dialect, group, key)
    extras = {"role": given.get("role") or "MEMBER"}
    if given.get("delivery_settings"):
        extras["delivery_settings"] = given["delivery_settings"]
    group = members.add_member(request, dialect.service, group, id, extras)
    return _member(request, group, id, extras)


def _new_member(request: Request, dialect: DirectoryDialect, group: Record, key: str) -> str:
    id = find_member(request, dialect, key)
    if id is not None:
        record = request.target.directory.locate(id)
        if record is not None and record.kind == "Group":
            _check_cycle(request, group, record)
        return id
    if key == request.behaviour.customer_id:
        return key
    if is_email(key) and key.rpartition("@")[2].lower() not in render.domains(request):
        return key.lower()
    raise _unknown(request)


def _check_cycle(request: Request, group: Record, member: Record) -> None:
    if member.id == group.id or group.id in members.derived_members(request, member):
        raise not_met("Cyclic memberships not allowed", 400)


def _unknown(request: Request) -> Refusal:
    if request.behaviour.unknown_member_refusal == "required":
        return Refusal(400, "required", "Missing required field: memberKey", flag="unknown_member_refusal")
    return missing("memberKey")


def get_member(request: Request, dialect: DirectoryDialect, group: Record) -> Answer:
    """One member."""
    id, extras = _present(request, dialect, group)
    request.operations.announce("member.get", kind="Membership", id=f"{group.id}/{id}", names=_names(request, group))
    return _member(request, group, id, extras)


def update_member(request: Request, dialect: DirectoryDialect, group: Record) -> Answer:
    """Give a member another role."""
    _check_writable(request)
    given = MEMBER.read(request.json(), creating=False)
    id, extras = _present(request, dialect, group)
    said = {name: value for name, value in given.items() if name in ("role", "delivery_settings") and value}
    changed = {**extras, **said}
    members.restate_member(request, group, id, changed)
    return _member(request, group, id, changed)


def delete_member(request: Request, dialect: DirectoryDialect, group: Record) -> Answer:
    """Take a member out; a key that no account has is answered in other words than one who is not in the group."""
    _check_writable(request)
    key = request.params["member"]
    id = find_member(request, dialect, key)
    present = request.target.directory.members(group.id)
    if id is None and key.lower() in present:
        id = key.lower()
    if id is None and key in present:
        id = key
    if id is None:
        raise Refusal(400, "required", "Missing required field: memberKey")
    members.remove_member(request, dialect.service, group, id)
    return Answer(204, None, {"ETag": render.version(request, group)})


def has_member(request: Request, dialect: DirectoryDialect, group: Record) -> Answer:
    """Whether a user is in a group, directly or through groups in it."""
    id = find_member(request, dialect, request.params["member"])
    if id is None:
        raise invalid("memberKey")
    request.operations.announce("member.get", kind="Membership", id=f"{group.id}/{id}", names=_names(request, group))
    return Answer(200, {"isMember": id in members.derived_members(request, group)})


def _present(request: Request, dialect: DirectoryDialect, group: Record) -> tuple[str, Mapping[str, Any]]:
    key = request.params["member"]
    present = request.target.directory.members(group.id)
    id = find_member(request, dialect, key) or (key if key in present else key.lower())
    if id not in present:
        raise NotFound("Membership", key)
    return id, present[id]


def _check_writable(request: Request) -> None:
    if request.behaviour.membership_style == "none":
        message = "Not Authorized to access this resource/api"
        raise Refusal(403, "forbidden", message, flag="membership_style")


def _names(request: Request, group: Record) -> tuple[str, ...]:
    return request.target.spec.core_mapping.names_of(group)


def _member(request: Request, group: Record, id: str, extras: Mapping[str, Any]) -> Answer:
    body = render.member(request, group, id, extras, listed=False)
    return Answer(200, partial_of(request, body), {"ETag": body["etag"]})


# aliases


def _holder(request: Request, dialect: DirectoryDialect, kind: str) -> tuple[Record, str]:
    resource = dialect.offered(request, dialect.resource(kind))
    record = dialect.find(request, resource, request.params["id"])
    return record, "primaryEmail" if kind == "User" else "email"


def list_aliases(dialect: DirectoryDialect, kind: str, request: Request) -> Answer:
    """All aliases."""
    record, primary = _holder(request, dialect, kind)
    request.operations.announce(f"{kind.lower()}.get", kind=kind, id=record.id, names=_names(request, record))
    rows = [_alias(record, primary, each) for each in record.document.get("aliases", ())]
    body = {"kind": "admin#directory#aliases", "etag": render.version(request, record)}
    return Answer(200, partial_of(request, {**body, **({"aliases": rows} if rows else {})}))


def insert_alias(dialect: DirectoryDialect, kind: str, request: Request) -> Answer:
    """Add an alias within the account."""
    record, primary = _holder(request, dialect, kind)
    body = request.json()
    alias = body.get("alias") if isinstance(body, dict) else None
    if not isinstance(alias, str) or not is_email(alias) or len(alias) > 254:
        raise Invalid("alias", "format", alias)
    if alias.rpartition("@")[2].lower() not in render.domains(request):
        raise Refusal(404, "notFound", "Domain not found.")
    if kind == "User":
        dialect.check_complete(request, record)

    def decide(before: Record) -> Change:
        aliases = before.document.get("aliases", [])
        if fold(alias) in {fold(each) for each in (before.document[primary], *aliases)}:
            raise Conflict(kind, "address", alias, before.id)
        return Change({**before.document, "aliases": [*aliases, alias]})

    changed = dialect.service.change(request.operations, kind, record.id, decide)
    return Answer(200, {**_alias(changed, primary, alias), "etag": render.version(request, changed)})


def delete_alias(dialect: DirectoryDialect, kind: str, request: Request) -> Answer:
    """Take an alias away."""
    record, _ = _holder(request, dialect, kind)
    gone = fold(request.params["alias"])

    def decide(before: Record) -> Change:
        aliases = before.document.get("aliases", [])
        left = [each for each in aliases if fold(each) != gone]
        if len(left) == len(aliases):
            raise missing("alias")
        kept = {name: value for name, value in before.document.items() if name != "aliases"}
        return Change({**kept, **({"aliases": left} if left else {})})

    dialect.service.change(request.operations, kind, record.id, decide)
    return Answer(204)


def _alias(record: Record, primary: str, alias: str) -> dict[str, Any]:
    return {
        "kind": "admin#directory#alias",
        "id": record.id,
        "primaryEmail": record.document[primary],
        "alias": alias,
    }
