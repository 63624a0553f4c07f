"""Shows users and groups of an enterprise as GitHub does.

Answers always have `name` and `emails` of a user and `$ref` of a member: clients read them without looking.
"""

from __future__ import annotations

from hashlib import sha256

from provcheck.mock_targets.directory import Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.scim.render import Renderer
from provcheck.mock_targets.scim.schema import Json


def shown(request: Request, record: Record, renderer: Renderer, *, members: bool) -> Json:
    """A user with the groups it is in, or a group, with its `members` unless the client excluded them."""
    can, directory, document = request.behaviour, request.target.directory, record.document

    def reference(other: Record) -> Json:
        display = other.document.get("displayName") or other.document.get("userName") or ""
        return {"value": other.id, "$ref": renderer.location(other.kind, other.id), "display": display}

    def is_hidden(user: Record) -> bool:
        return can.hides_suspended_members and _is_suspended(user)

    body = {**document, "id": record.id, "meta": renderer.meta(record)}
    if record.kind == "User":
        body.setdefault("name", {"givenName": "", "familyName": ""})
        body.setdefault("emails", [])
        if can.obfuscates_suspended_users and _is_suspended(record):
            secret = sha256(record.id.encode()).hexdigest()[:16]
            addresses = [{**email, "value": f"{secret}@suspended.invalid"} for email in document.get("emails", ())]
            body |= {"userName": secret, "emails": addresses}
        if can.supports_groups:
            groups = () if is_hidden(record) else directory.groups(record.id)
            body["groups"] = [reference(group) for group in groups]
    elif members:
        with directory.lock:
            found = [directory.locate(id) for id in directory.members(record.id)]
        body["members"] = [reference(user) for user in found if user is not None and not is_hidden(user)]
    return body


def _is_suspended(user: Record) -> bool:
    return user.document.get("active", True) is not True
