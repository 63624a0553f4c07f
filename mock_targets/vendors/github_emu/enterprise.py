"""The views of enterprise SCIM: users and groups, below whatever base URL the client uses.

Each reads as: parse, act, render, return.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import quote

from provcheck.mock_targets.directory import Document, Record
from provcheck.mock_targets.http.call import Call
from provcheck.mock_targets.http.errors import UnknownPath
from provcheck.mock_targets.http.responses import Answer
from provcheck.mock_targets.operations.write_service import Change, Service
from provcheck.mock_targets.vendors.github_emu import groups, users
from provcheck.mock_targets.vendors.github_emu.limits import USERS, admit, hourly
from provcheck.mock_targets.vendors.github_emu.listing import excludes_members, list_response
from provcheck.mock_targets.vendors.github_emu.render import Renderer


def _on_unknown_member(call: Call, member_id: str) -> None:
    """Members were looked up before; one that has gone since is left out."""


def _describe(id: str, extras: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"value": id}


def _guard(call: Call, kind: str, id: str | None, document: Document) -> None:
    if kind == "User" and call.behaviour.unique_emails:
        users.check_unique_emails(call, id, document)
    if kind == "Group" and call.behaviour.unique_group_names:
        groups.check_unique_name(call, id, document)


SERVICE = Service(on_unknown_member=_on_unknown_member, describe=_describe, guard=_guard)


@dataclass(frozen=True, slots=True)
class Enterprise:
    """The views below one base path. `on_server`: the rules of GitHub Enterprise Server apply."""

    base: str
    on_server: bool = False

    def list_users(self, call: Call) -> Answer:
        """GET Users."""
        return call.answer(200, list_response(call, "User", self._renderer(call).user))

    def create_user(self, call: Call) -> Answer:
        """POST Users: 201, also when it links an account or reinstates a user."""
        renderer, asked = self._renderer(call), users.created(call, on_server=self.on_server)
        admit(call, USERS, call.behaviour.users_per_hour)
        change = replace(asked, edits=groups.known_ends(call, "Group", asked.edits))
        twin = users.suspended_twin(call, change.document)
        if twin is not None:
            call.intend("user.create", kind="User", id=twin.id, names=call.target.spec.core_mapping.names_of(twin))
            record = SERVICE.change(call, "User", twin.id, lambda _: change)
        else:
            record = SERVICE.create(call, "User", change)
        hourly(call.target).add(USERS)
        return call.answer(201, renderer.user(record), Location=renderer.location("User", record.id))

    def get_user(self, call: Call) -> Answer:
        """GET Users/{id}."""
        return call.answer(200, self._renderer(call).user(_read(call, "User")))

    def replace_user(self, call: Call) -> Answer:
        """PUT Users/{id}."""
        return self._change_user(call, users.replaced)

    def modify_user(self, call: Call) -> Answer:
        """PATCH Users/{id}: always 200 with the user."""
        return self._change_user(call, users.modified)

    def delete_user(self, call: Call) -> Answer:
        """DELETE Users/{id}: the identity is gone, its names are free again."""
        SERVICE.delete(call, "User", call.params["id"])
        return call.answer(204)

    def list_groups(self, call: Call) -> Answer:
        """GET Groups."""
        renderer, members = self._renderer(call), not excludes_members(call)
        return call.answer(200, list_response(call, "Group", lambda record: renderer.group(record, members=members)))

    def create_group(self, call: Call) -> Answer:
        """POST Groups."""
        renderer, change = self._renderer(call), groups.whole(call)
        record = SERVICE.create(call, "Group", change)
        self._count_joined(call, record.id, groups.joining(call, change.edits, None))
        return call.answer(201, renderer.group(record), Location=renderer.location("Group", record.id))

    def get_group(self, call: Call) -> Answer:
        """GET Groups/{id}."""
        return call.answer(200, self._renderer(call).group(_read(call, "Group"), members=not excludes_members(call)))

    def replace_group(self, call: Call) -> Answer:
        """PUT Groups/{id}: members that it does not name leave, all of them if it names none."""
        return call.answer(200, self._renderer(call).group(self._change_group(call, groups.whole)))

    def modify_group(self, call: Call) -> Answer:
        """PATCH Groups/{id}: 200 with the group or 204, as the flag has it."""
        record = self._change_group(call, groups.modified)
        if call.behaviour.answers_group_patch_with_body:
            return call.answer(200, self._renderer(call).group(record))
        return call.answer(204)

    def delete_group(self, call: Call) -> Answer:
        """DELETE Groups/{id}."""
        SERVICE.delete(call, "Group", call.params["id"])
        return call.answer(204)

    def _change_user(self, call: Call, make: Callable[..., Change]) -> Answer:
        def decide(record: Record) -> Change:
            change = make(call, record, on_server=self.on_server)
            return replace(change, edits=groups.known_ends(call, "Group", change.edits))

        record = SERVICE.change(call, "User", call.params["id"], decide)
        return call.answer(200, self._renderer(call).user(record))

    def _change_group(self, call: Call, make: Callable[[Call, Record], Change]) -> Record:
        id, joined = call.params["id"], 0

        def decide(record: Record) -> Change:
            nonlocal joined
            change = make(call, record)
            joined = groups.joining(call, change.edits, id) if call.behaviour.enforces_rate_limits else 0
            return change

        record = SERVICE.change(call, "Group", id, decide)
        self._count_joined(call, id, joined)
        return record

    def _count_joined(self, call: Call, id: str, joined: int) -> None:
        if joined and call.behaviour.enforces_rate_limits:
            hourly(call.target).add(("group", id), joined)

    def _renderer(self, call: Call) -> Renderer:
        named = quote(call.params.get("enterprise", ""), safe="")
        return Renderer.of(call, call.target.base_url + self.base.replace("<enterprise>", named))


def admitted(view: Callable[[Call], Answer], *, about_groups: bool) -> Callable[[Call], Answer]:
    """The view, for the enterprise that there is, and for groups only where they are supported."""

    def enter(call: Call) -> Answer:
        behaviour, named = call.behaviour, call.params.get("enterprise")
        if named is not None and behaviour.enterprise and named.casefold() != behaviour.enterprise.casefold():
            raise UnknownPath(f"there is no enterprise {named!r:.100}")
        if about_groups and not behaviour.supports_groups:
            raise UnknownPath("there are no groups here")
        return view(call)

    return enter


def _read(call: Call, kind: str) -> Record:
    record = call.target.directory.get(kind, call.params["id"])
    names = call.target.spec.core_mapping.names_of(record)
    call.intend(f"{kind.lower()}.get", kind=kind, id=record.id, names=names)
    return record
