"""Shows users and groups of an enterprise as GitHub does.

Answers always have `name` and `emails` of a user and `$ref` of a member: clients read them without looking.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from provcheck.mock_targets.directory import Directory, Record
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.scim.render import timestamp
from provcheck.mock_targets.scim.schema import Json
from provcheck.mock_targets.target.flags import Behaviour


@dataclass(frozen=True, slots=True)
class Renderer:
    """Renders for one request. `root` is the absolute URL below which the client reached the endpoints."""

    directory: Directory
    behaviour: Behaviour
    root: str

    @classmethod
    def of(cls, request: Request, root: str) -> Renderer:
        """The renderer of a request."""
        return cls(request.target.directory, request.behaviour, root)

    def location(self, kind: str, id: str) -> str:
        """The absolute URL of a resource."""
        return f"{self.root}/{kind}s/{id}"

    def user(self, record: Record) -> Json:
        """A user with the groups it is in."""
        shown = dict(record.document)
        shown.setdefault("name", {"givenName": "", "familyName": ""})
        shown.setdefault("emails", [])
        if self.behaviour.obfuscates_suspended_users and not _is_active(record):
            shown |= _obfuscated(record)
        if self.behaviour.supports_groups:
            shown["groups"] = self._groups(record)
        return {**shown, "id": record.id, "meta": self._meta(record)}

    def group(self, record: Record, *, members: bool = True) -> Json:
        """A group, with its members unless the client excluded them."""
        shown = {**record.document, "id": record.id, "meta": self._meta(record)}
        if members:
            shown["members"] = self._members(record.id)
        return shown

    def _members(self, group_id: str) -> list[Json]:
        directory = self.directory
        with directory.lock:
            found = [directory.locate(id) for id in directory.members(group_id)]
        return [self._reference(user) for user in found if user is not None and self._is_shown(user)]

    def _groups(self, user: Record) -> list[Json]:
        if not self._is_shown(user):
            return []
        return [self._reference(group) for group in self.directory.groups(user.id)]

    def _is_shown(self, user: Record) -> bool:
        return _is_active(user) or not self.behaviour.hides_suspended_members

    def _reference(self, record: Record) -> Json:
        document = record.document
        display = document.get("displayName") or document.get("userName") or ""
        return {"value": record.id, "$ref": self.location(record.kind, record.id), "display": display}

    def _meta(self, record: Record) -> Json:
        return {
            "resourceType": record.kind,
            "created": timestamp(record.created),
            "lastModified": timestamp(record.modified),
            "location": self.location(record.kind, record.id),
        }


def _is_active(record: Record) -> bool:
    return record.document.get("active", True) is True


def _obfuscated(record: Record) -> Json:
    """What stands in place of the login and the address of a suspended account."""
    secret = sha256(record.id.encode()).hexdigest()[:16]
    emails = [{**email, "value": f"{secret}@suspended.invalid"} for email in record.document.get("emails", ())]
    return {"userName": secret, "emails": emails}
