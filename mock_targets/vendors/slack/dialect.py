"""The two versions of Slack's SCIM API, as subclasses of the SCIM dialect over one organisation.

Sources: https://docs.slack.dev/reference/scim-api; answers recorded by Slack's Java and Python SDK tests; pages:
https://api.slack.com/changelog/2019-06-have-scim-will-paginate.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, ClassVar

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http import errors, json
from provcheck.mock_targets.http.authentication import holds_token
from provcheck.mock_targets.http.dialect import Route
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.membership_changes import MembershipEdit
from provcheck.mock_targets.operations.write_service import Change
from provcheck.mock_targets.query.attributes import AnyText
from provcheck.mock_targets.query.compile import Filter, View, compile_query
from provcheck.mock_targets.query.tree import paths, renamed
from provcheck.mock_targets.scim.catalog import Catalog
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.flags import SCIM_FLAGS
from provcheck.mock_targets.scim.project import Projection
from provcheck.mock_targets.scim.schema import Json, ResourceSchema
from provcheck.mock_targets.scim.search import Search
from provcheck.mock_targets.target.flags import Behaviour, FlagValue
from provcheck.mock_targets.vendors.slack import requests, schemas
from provcheck.mock_targets.vendors.slack.document import UserEditor, blank, check_may_leave
from provcheck.mock_targets.vendors.slack.errors import SlackError, told
from provcheck.mock_targets.vendors.slack.flags import FLAGS, named
from provcheck.mock_targets.vendors.slack.groups import check_members
from provcheck.mock_targets.vendors.slack.render import shown
from provcheck.mock_targets.vendors.slack.values import text
from provcheck.mock_targets.vendors.slack.views import SlackViews, slack_routes

_USER_NAMES = {"username": "userName", "nickname": "userName"}
_INDEXES = {**_USER_NAMES, "email": "email", "emails": "email", "emails.value": "email"}
_FILTERED = {"User": {*_INDEXES, "restricted", "ultra_restricted"}, "Group": {"displayname"}}
"""The attributes that filters may name by the reference."""
_INVALID = {"User": "groups_invalid", "Group": "invalid_attribute_format"}
"""The code for memberships that cannot be read, by the kind of resource on which they are written."""


class SlackDialect(ScimDialect):
    """Version 2 of the API."""

    reads = (*SCIM_FLAGS, *FLAGS)
    flags = FLAGS
    fixed: ClassVar[Mapping[str, FlagValue]] = {
        "default_page_size": 10,
        "max_page_size": 1000,
        "supports_sort": False,
        "supports_etag": False,
        "supports_cursor": False,
        "checks_content_type": False,
        "deletes_by_disabling": True,
        "unknown_members": "rejected",
    }
    media_type = "application/json; charset=utf-8"
    refusals = (*ScimDialect.refusals, SlackError)
    indexes: ClassVar[Mapping[str, Mapping[str, str]]] = {"User": _INDEXES, "Group": {"displayname": "displayName"}}
    sends_location = False
    one_writer = True  # https://docs.slack.dev/reference/scim-api#concurrency
    number: ClassVar[int] = 2

    def catalog(self, behaviour: Behaviour) -> Catalog:
        """The schemas of Slack's own."""
        return schemas.CATALOG

    def routes(self) -> Iterable[Route]:
        """Every route of the version."""
        return slack_routes(SlackViews(self))

    def authenticate(self, request: Request) -> None:
        """Raises SlackError without the token or a plan that has SCIM."""
        header = request.header("Authorization")
        if header is None:
            raise SlackError("missing_authentication")
        if not holds_token(header, request.target.token):
            raise SlackError("invalid_authentication")
        if request.behaviour.plan == "pro":
            raise SlackError("plus_teams_only", flag="plan")

    def query(self, request: Request) -> Search:
        """What the URL asks for; a number that cannot be read is passed over. Raises SlackError."""
        if request.argument("sortOrder") not in (None, "ascending", "descending"):
            raise SlackError("invalid_sort_order")
        count = _number(request.argument("count"), -1)
        start = _number(request.argument("startIndex"), 1)
        return Search(request.argument("filter"), start=start, count=count if count >= 0 else None)

    def parse_filter(self, request: Request, text: str, schema: ResourceSchema) -> Filter:
        """A filter. Raises SlackError."""
        query = renamed(requests.read_filter(text.strip()), str.lower)
        if not request.behaviour.filters_on_other_attributes and paths(query) - _FILTERED[schema.kind]:
            raise SlackError("invalid_query")
        return compile_query(query, AnyText(), text=text)

    def view(self, request: Request) -> Callable[[Record], View]:
        """A resource as filters read it: texts by their path in lower case."""
        return _view

    def passes_over(self, behaviour: Behaviour, kind: str) -> Callable[[Record, Filter | None], bool] | None:
        """Without a filter deactivated users may be left out of lists."""
        if kind == "Group" or behaviour.lists_deactivated_users:
            return None
        return lambda record, where: where is None and not record.document["active"]

    def lists_newest_first(self, behaviour: Behaviour) -> bool:
        """As the flag has it."""
        return bool(behaviour.list_order == "newest_first")

    def read_message(self, request: Request) -> Any:
        """A body that is an object with `schemas`. Raises SlackError."""
        return requests.read_body(request.json())

    def read_body(self, request: Request, kind: str, record: Record | None) -> Change:
        """A whole user or group. Raises SlackError."""
        body, style = requests.read_body(request.json()), request.behaviour.membership_style
        if kind == "Group":
            document = _named(record.document if record else {}, body, required=record is None)
            if record is not None and "members" not in body and style != "group":
                return Change(document)
            return Change(document, [requests.whole_members(body.get("members"), _INVALID[kind])])
        given = {key.lower(): value for key, value in body.items()}
        editor = self._editor(request, record)
        if record is not None:
            editor.overwrite()
        if given.get("username") is None and (record is None or given.get("nickname") is None):
            raise SlackError("username_required")
        if not given.get("emails"):
            raise SlackError("email_empty")
        editor.put_all(requests.attributes(body, request.behaviour), replaces=True)
        is_said = "groups" in given and style == "user"
        edits = [requests.whole_members(body.get("groups"), _INVALID[kind])] if is_said else []
        return Change(editor.finish(), edits)

    def read_patch(self, request: Request, kind: str, record: Record) -> Change:
        """A list of operations in version 2; a partial resource otherwise. Raises SlackError."""
        body = requests.read_body(request.json())
        if requests.is_patch_op(body) and self.number == 2:
            listed = list(requests.operations(body))
            return (self._operated_user if kind == "User" else self._operated_group)(request, record, listed)
        if requests.is_patch_op(body) and request.behaviour.v1_patch_op_bodies == "refused":
            raise SlackError("invalid_request_payload", flag="v1_patch_op_bodies")
        if kind == "Group":
            edits = requests.merged_members(body.get("members"), _INVALID[kind])
            if any(name.lower() == "members" for name, _ in requests.removed_attributes(body)):
                edits.insert(0, MembershipEdit("replace"))
            return Change(_named(record.document, body), edits)
        editor = self._editor(request, record)
        editor.put_all(requests.attributes(body, request.behaviour), replaces=False)
        for name, sub in requests.removed_attributes(body):
            editor.remove(name, sub)
        is_said = "groups" in body and request.behaviour.membership_style == "user"
        return Change(editor.finish(), requests.merged_members(body["groups"], _INVALID[kind]) if is_said else [])

    def _operated_user(self, request: Request, record: Record, listed: Sequence[requests.Operation]) -> Change:
        editor, edits = self._editor(request, record), []
        for operation in listed:
            if operation.name.lower() != "groups":
                requests.operate_user(editor, operation)
            elif request.behaviour.membership_style == "user":
                edits.append(requests.operated_members(operation, _INVALID["User"]))
        return Change(editor.finish(), edits)

    def _operated_group(self, request: Request, record: Record, listed: Sequence[requests.Operation]) -> Change:
        document, edits = record.document, []
        for operation in listed:
            if operation.name.lower() == "members":
                edits.append(requests.operated_members(operation, _INVALID["Group"]))
            elif operation.name.lower() == "displayname":
                document = _named(document, {"displayName": operation.value})
        return Change(document, edits)

    def _editor(self, request: Request, record: Record | None) -> UserEditor:
        before = blank() if record is None else record.document
        return UserEditor(before, request.behaviour, request.target.directory, is_new=record is None)

    def stored(self, request: Request, kind: str, change: Change, before: Record | None) -> Change:
        """The change, if the memberships may be written. Raises SlackError."""
        check_members(request, kind, before.id if before else None, change.edits)
        return change

    def before_store(self, operations: Operations, kind: str, id: str | None, document: Document) -> None:
        """Raises SlackError for the name of another group, where names are unique."""
        if kind == "Group" and not operations.behaviour.allows_duplicate_group_names:
            found = operations.directory.find("Group", "displayName", document["displayName"])
            if any(other.id != id for other in found):
                raise SlackError("group_creation_failed", status=409, flag="allows_duplicate_group_names")

    def keeps_unknown_member(self, operations: Operations, member_id: str) -> bool:
        """Raises SlackError: members are people whom there are."""
        raise SlackError("no_such_group_members")

    def may_delete(self, request: Request, record: Record) -> None:
        """Raises SlackError for a user who cannot be deactivated, or a group that is linked to channels."""
        if record.kind == "User":
            check_may_leave(record.document, request.behaviour)
        elif record.document["displayName"].casefold() in named(request.behaviour.linked_groups):
            raise SlackError("idp_group_linked_to_channels", flag="linked_groups")

    def patch_answers_body(self, request: Request, kind: str, *, is_changed: bool) -> bool:
        """Version 2 answers with the resource, as the flags have it; version 1 does for users alone."""
        if kind == "Group":
            return self.number == 2 and bool(request.behaviour.answers_group_patch_with_body)
        return is_changed or self.number == 1 or bool(request.behaviour.answers_unchanged_patch_with_body)

    def render(self, request: Request, record: Record, projection: Projection, *, before: Record | None = None) -> Json:
        """A resource in the words of the version."""
        return shown(request, record, self.number, before=before)

    def list_envelope(self, request: Request, total: int, resources: Sequence[Json], **paging: Any) -> Json:
        """The counts come first in version 1, and last in version 2."""
        counts = {"totalResults": total, "itemsPerPage": len(resources), **paging}
        listed = {"schemas": [schemas.spoken(schemas.LIST, self.number)], "Resources": resources}
        return {**counts, **listed} if self.number == 1 else {**listed, **counts}

    def encode(self, body: Any) -> bytes:
        """JSON; version 1 escapes slashes."""
        written = json.write(body)
        return written.replace(b"/", b"\\/") if self.number == 1 else written

    def error(self, request: Request, error: Exception) -> Answer:
        """A refusal in the shape of the version that was asked; failed authentication always in that of version 1."""
        refusal = told(error, request.path)
        status = refusal.status_under(request.behaviour)
        request.operations.exchange.refused_by = refusal.flag or request.operations.exchange.refused_by
        headers = {"Retry-After": str(error.retry_after)} if isinstance(error, errors.TooManyRequests) else {}
        if isinstance(error, errors.MethodNotAllowed):
            headers = {"Allow": ", ".join(error.allowed)}
        if self.number == 1 or status == 401 or request.behaviour.v2_errors_in_v1_shape:
            return Answer(status, {"Errors": {"description": refusal.detail, "code": status}}, headers)
        return Answer(status, {"schemas": [schemas.ERROR], "detail": refusal.detail, "status": status}, headers)


class Slack11Dialect(SlackDialect):
    """Version 1 of the API."""

    number = 1


def _number(text: str | None, otherwise: int) -> int:
    """A whole number of at most 18 digits: beyond any list either way."""
    digits = (text or "").strip()
    bare = digits.removeprefix("-")
    return int(digits[:18]) if bare.isascii() and bare.isdigit() else otherwise


def _named(document: Document, body: Mapping[str, Any], *, required: bool = False) -> Document:
    """The document of a group with the name that a body gives; a name cannot be taken away. Raises SlackError."""
    if "displayName" not in body and not required:
        return document
    name = text(body.get("displayName"))
    if not name:
        raise SlackError("invalid_attribute_format")
    return {**document, "displayName": name}


def _view(record: Record) -> View:
    document = record.document
    texts: dict[str, Any] = {}
    _flatten("", {**document, "id": record.id}, texts)
    if record.kind == "User":
        addresses = [item["value"] for item in document["emails"]]
        texts |= {"nickname": document["userName"], **dict.fromkeys(("email", "emails", "emails.value"), addresses)}
        # Guests of a single channel cannot be made by SCIM.
        texts |= {"restricted": ["1", "true"] if schemas.GUEST in document else ["0", "false"]}
        texts |= {"ultra_restricted": ["0", "false"]}
    return View(texts)


def _flatten(prefix: str, value: Mapping[str, Any], texts: dict[str, Any]) -> None:
    """Every text of a document by its path; switches are texts as well."""
    for key, item in value.items():
        if isinstance(item, Mapping):
            _flatten(f"{prefix}{key.lower()}.", item, texts)
        elif isinstance(item, bool):
            texts[prefix + key.lower()] = "true" if item else "false"
        elif isinstance(item, str):
            texts[prefix + key.lower()] = item
