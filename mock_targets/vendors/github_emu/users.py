"""What makes a user of an enterprise: how bodies are read, which logins and roles there are, what is unique.

These functions decide; nothing here changes anything.
"""

from __future__ import annotations

from typing import Any

from provcheck.mock_targets.directory import Conflict, Document, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.scim.errors import InvalidValue, Mutability, Uniqueness
from provcheck.mock_targets.scim.indexes import emails
from provcheck.mock_targets.scim.patch import patch
from provcheck.mock_targets.scim.schema import ResourceSchema
from provcheck.mock_targets.scim.validate import check_document, read_resource
from provcheck.mock_targets.vendors.github_emu.login import HIDDEN_CODE_LENGTH, check_login, login_key
from provcheck.mock_targets.vendors.github_emu.paths import readable, touches, without_filtered_paths
from provcheck.mock_targets.vendors.github_emu.roles import with_settled_roles
from provcheck.mock_targets.vendors.github_emu.schemas import leniency_of, user_schema


def created(request: Request, *, on_server: bool) -> Change:
    """What a POST asks for. Raises InvalidSyntax, InvalidValue and Uniqueness."""
    incoming = read_resource(request.json(), _schema(request), leniency=leniency_of(request.behaviour))
    document = _settled(request, _active(incoming.document), None, on_server=on_server)
    if on_server:
        _check_local_login(request, document["userName"])
    members = incoming.members
    return Change(document, (MembershipEdit("replace", members),) if members else ())


def replaced(request: Request, record: Record, *, on_server: bool) -> Change:
    """What a PUT makes of a user: all that it does not name is gone, except that a user is active by default."""
    incoming = read_resource(
        request.json(), _schema(request), current=record.document, leniency=leniency_of(request.behaviour)
    )
    document = _settled(request, _active(incoming.document), record, on_server=on_server)
    members = incoming.members
    return Change(document, () if members is None else (MembershipEdit("replace", members),))


def modified(request: Request, record: Record, *, on_server: bool) -> Change:
    """What a PATCH makes of a user. Raises what the family's PATCH raises."""
    body = readable(request.json())
    if request.behaviour.membership_style != "user" and touches(body, "groups"):
        raise Mutability("groups of a user are read-only here")
    if not request.behaviour.applies_filtered_user_paths:
        body, is_empty = without_filtered_paths(body)
        if is_empty:
            return Change(record.document)
    schema = _schema(request, record)
    result = patch(body, record.document, schema, leniency=leniency_of(request.behaviour))
    return Change(_settled(request, result.document, record, on_server=on_server), result.edits)


def suspended_twin(request: Request, document: Document) -> Record | None:
    """The suspended user whom a POST would reinstate, if this enterprise does that."""
    if not request.behaviour.reinstates_on_create:
        return None
    found = request.target.directory.find("User", "externalId", document["externalId"])
    return next((record for record in found if record.document.get("active") is False), None)


def check_unique_emails(operations: Operations, id: str | None, document: Document) -> None:
    """Raise Conflict when another user of the enterprise has one of the addresses."""
    directory = operations.target.directory
    if id is not None and directory.get("User", id).document.get("emails") == document.get("emails"):
        return
    for address in emails(document):
        for other in directory.find("User", "email", address):
            if other.id != id:
                raise Conflict("User", "emails", address, other.id)


def _schema(request: Request, record: Record | None = None) -> ResourceSchema:
    rule, writes = request.behaviour.required_attributes, request.behaviour.membership_style == "user"
    schema = user_schema(rule, writes_groups=writes)
    if record is None or is_complete(record.document, schema):
        return schema
    return user_schema("relaxed", writes_groups=writes)


def is_complete(document: Document, schema: ResourceSchema) -> bool:
    """Whether a resource has all that is required; one that was planted may not."""
    try:
        check_document(document, schema)
    except InvalidValue:
        return False
    return True


def _active(document: Document) -> Document:
    """The document of a user who is active unless it says otherwise."""
    return document if "active" in document else {**document, "active": True}


def _settled(request: Request, document: Document, before: Record | None, *, on_server: bool) -> Document:
    behaviour, name = request.behaviour, document.get("userName")
    document = with_settled_roles(document, refuses_unknown=behaviour.refuses_unknown_roles)
    if name and (before is None or before.document.get("userName") != name):
        code = behaviour.shortcode
        hides_code = not code and not on_server
        check_login(
            name,
            suffix=f"_{code}" if code and not on_server else "",
            max_length=min(HIDDEN_CODE_LENGTH, behaviour.max_login_length)
            if hides_code
            else behaviour.max_login_length,
        )
    return document


def _check_local_login(request: Request, user_name: str) -> None:
    """An account that is there already is linked, or in the way, as the flag has it."""
    local: set[Any] = {name.strip().lower() for name in request.behaviour.local_logins.split(",") if name.strip()}
    if login_key(user_name) in local and not request.behaviour.links_local_logins:
        raise Uniqueness(f"the login of {user_name!r:.100} belongs to an account that SCIM did not make")
