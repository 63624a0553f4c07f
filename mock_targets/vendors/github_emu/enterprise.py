"""The views of enterprise SCIM: users and groups, below whatever base URL the client uses.

Each reads as: parse, act, render, return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.errors import UnknownPath
from provcheck.mock_targets.http.request import Request
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.context import Operations
from provcheck.mock_targets.operations.write_service import Change, Service
from provcheck.mock_targets.vendors.github_emu import groups, users
from provcheck.mock_targets.vendors.github_emu.limits import USERS, admit, hourly
from provcheck.mock_targets.vendors.github_emu.listing import excludes_members, list_response
from provcheck.mock_targets.vendors.github_emu.render import Renderer


def _on_unknown_member(operations: Operations, member_id: str) -> None:
    """Members were looked up before; one that has gone since is left out."""


def _describe(id: str, extras: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"value": id}


def _guard(operations: Operations, kind: str, id: str | None, document: Document) -> None:
    if kind == "User" and operations.behaviour.unique_emails:
        users.check_unique_emails(operations, id, document)
    if kind == "Group" and operations.behaviour.unique_group_names:
        groups.check_unique_name(operations, id, document)


SERVICE = Service(on_unknown_member=_on_unknown_member, describe=_describe, guard=_guard)


@dataclass(frozen=True, slots=True)
class Enterprise:
    """The views below one base path. `on_server`: the rules of GitHub Enterprise Server apply."""

    base: str
    on_server: bool = False

    def list_users(self, request: Request) -> Answer:
        """GET Users."""
        return request.answer(200, list_response(request, "User", self._renderer(request).user))

    def create_user(self, request: Request) -> Answer:
        """POST Users: 201, also when it links an account or reinstates a user."""
        renderer, asked = self._renderer(request), users.created(request, on_server=self.on_server)
        admit(request, USERS, request.behaviour.users_per_hour)
        change = replace(asked, edits=groups.known_ends(request, "Group", asked.edits))
        twin = users.suspended_twin(request, change.document)
        if twin is not None:
            request.operations.announce(
                "user.create", kind="User", id=twin.id, names=request.target.spec.core_mapping.names_of(twin)
            )
            record = SERVICE.change(request.operations, "User", twin.id, lambda _: change)
        else:
            record = SERVICE.create(request.operations, "User", change)
        hourly(request.target).add(USERS)
        return request.answer(201, renderer.user(record), Location=renderer.location("User", record.id))

    def get_user(self, request: Request) -> Answer:
        """GET Users/{id}."""
        return request.answer(200, self._renderer(request).user(_read(request, "User")))

    def replace_user(self, request: Request) -> Answer:
        """PUT Users/{id}."""
        return self._change_user(request, users.replaced)

    def modify_user(self, request: Request) -> Answer:
        """PATCH Users/{id}: always 200 with the user."""
        return self._change_user(request, users.modified)

    def delete_user(self, request: Request) -> Answer:
        """DELETE Users/{id}: the identity is gone, its names are free again."""
        SERVICE.delete(request.operations, "User", request.params["id"])
        return request.answer(204)

    def list_groups(self, request: Request) -> Answer:
        """GET Groups."""
        renderer, members = self._renderer(request), not excludes_members(request)
        return request.answer(
            200, list_response(request, "Group", lambda record: renderer.group(record, members=members))
        )

    def create_group(self, request: Request) -> Answer:
        """POST Groups."""
        renderer, change = self._renderer(request), groups.whole(request)
        record = SERVICE.create(request.operations, "Group", change)
        self._count_joined(request, record.id, groups.joining(request, change.edits, None))
        return request.answer(201, renderer.group(record), Location=renderer.location("Group", record.id))

    def get_group(self, request: Request) -> Answer:
        """GET Groups/{id}."""
        return request.answer(
            200, self._renderer(request).group(_read(request, "Group"), members=not excludes_members(request))
        )

    def replace_group(self, request: Request) -> Answer:
        """PUT Groups/{id}: members that it does not name leave, all of them if it names none."""
        return request.answer(200, self._renderer(request).group(self._change_group(request, groups.whole)))

    def modify_group(self, request: Request) -> Answer:
        """PATCH Groups/{id}: 200 with the group or 204, as the flag has it."""
        record = self._change_group(request, groups.modified)
        if request.behaviour.answers_group_patch_with_body:
            return request.answer(200, self._renderer(request).group(record))
        return request.answer(204)

    def delete_group(self, request: Request) -> Answer:
        """DELETE Groups/{id}."""
        SERVICE.delete(request.operations, "Group", request.params["id"])
        return request.answer(204)

    def _change_user(self, request: Request, make: Callable[..., Change]) -> Answer:
        def decide(record: Record) -> Change:
            change = make(request, record, on_server=self.on_server)
            return replace(change, edits=groups.known_ends(request, "Group", change.edits))

        record = SERVICE.change(request.operations, "User", request.params["id"], decide)
        return request.answer(200, self._renderer(request).user(record))

    def _change_group(self, request: Request, make: Callable[[Request, Record], Change]) -> Record:
        id, joined = request.params["id"], 0

        def decide(record: Record) -> Change:
            nonlocal joined
            change = make(request, record)
            joined = groups.joining(request, change.edits, id) if request.behaviour.enforces_rate_limits else 0
            return change

        record = SERVICE.change(request.operations, "Group", id, decide)
        self._count_joined(request, id, joined)
        return record

    def _count_joined(self, request: Request, id: str, joined: int) -> None:
        if joined and request.behaviour.enforces_rate_limits:
            hourly(request.target).add(("group", id), joined)

    def _renderer(self, request: Request) -> Renderer:
        named = quote(request.params.get("enterprise", ""), safe="")
        return Renderer.of(request, request.target.base_url + self.base.replace("<enterprise>", named))


def admitted(view: Callable[[Request], Answer], *, about_groups: bool) -> Callable[[Request], Answer]:
    """The view, for the enterprise that there is, and for groups only where they are supported."""

    def enter(request: Request) -> Answer:
        behaviour, named = request.behaviour, request.params.get("enterprise")
        if named is not None and behaviour.enterprise and named.casefold() != behaviour.enterprise.casefold():
            raise UnknownPath(f"there is no enterprise {named!r:.100}")
        if about_groups and not behaviour.supports_groups:
            raise UnknownPath("there are no groups here")
        return view(request)

    return enter


def _read(request: Request, kind: str) -> Record:
    record = request.target.directory.get(kind, request.params["id"])
    names = request.target.spec.core_mapping.names_of(record)
    request.operations.announce(f"{kind.lower()}.get", kind=kind, id=record.id, names=names)
    return record
