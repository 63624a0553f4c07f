"""What the SCIM dialects share: paths, look-ups, reading documents, and the way back to PUT where PATCH is refused.

A dialect says how a change is *spelled* (`user_patch`, `member_patch`); everything else is here.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any, ClassVar
from urllib.parse import quote

from provcheck.harness.client.connectors.attribute_mapping import (
    READ_ONLY,
    AttributeMapping,
    Wanted,
    canonical,
    values_of,
)
from provcheck.harness.client.connectors.interface import Account, RemoteGroup
from provcheck.harness.client.connectors.search import Search, escaped, fill
from provcheck.harness.client.failures import Ambiguous, Lost, Refused, Taken, checked
from provcheck.harness.client.outcome import Json, Outcome
from provcheck.harness.client.retry import Caller
from provcheck.harness.client.transport import MEDIA_TYPES
from provcheck.harness.model.connection import Connection

DEFAULT_CHUNK = 100
"""Members per request where the connection names no cap: the smallest documented cap among large targets."""
NOT_OFFERED = (405, 501)
"""Statuses that say: this method is not to be had here, whatever the body (RFC 9110)."""
MISSPELLED = ("invalidSyntax", "invalidPath")
"""scimTypes of a 400 that speak of the form of a PATCH, not of its values (RFC 7644 section 3.12)."""


class ScimConnector(ABC):
    """Everything but the spelling of changes; subclasses are the dialects."""

    media_type: ClassVar[str] = MEDIA_TYPES[0]
    headers: ClassVar[Mapping[str, str]] = {}
    attribute_mapping = AttributeMapping()
    group_schema = ""
    patches_users = True
    patches_groups = True
    hides_inactive_members = False
    refuses_inactive_members = False
    shows_members = False
    shows_groups = False
    has_documented_filters = False
    requires_external_ids = False
    uncompared: frozenset[str] = frozenset()
    """Words the target stores in another form, or not at all: written, never compared."""

    def __init__(self, connection: Connection, caller: Caller) -> None:
        self.connection = connection
        self.caller = caller
        self._probed = False
        self.users = connection.users_resource
        self.groups = connection.groups_resource
        self.members_per_request = connection.members_per_request or DEFAULT_CHUNK
        sure = self.has_documented_filters
        self._find_users = Search(caller, self.users, self._identities, needs_filters=sure)
        self._find_groups = Search(caller, self.groups, _names, needs_filters=sure)

    def begin(self) -> None:
        """Forget listings of an earlier run."""
        self._find_users.forget()
        self._find_groups.forget()

    def probe(self) -> None:
        """Ask the first time."""
        if not self._probed:
            self._ask()
            self._probed = True

    def _ask(self) -> None:
        """Ask what the target supports; an answer that is missing or wrong changes nothing."""
        config = self.caller.get("/ServiceProviderConfig", tries=1).document or {}
        patch = config.get("patch")
        if isinstance(patch, dict) and patch.get("supported") is False:
            self.patches_users = self.patches_groups = False
        paging = config.get("pagination")
        # RFC 9865 section 2.4: a provider may offer the one way, the other, or both.
        by_cursor = isinstance(paging, dict) and paging.get("cursor") is True and paging.get("index") is False
        self._find_users.by_cursor = self._find_groups.by_cursor = by_cursor

    # accounts

    def find_account(self, wanted: Wanted) -> Account | None:
        """By the connection's filter and unique identifier."""
        identifier = self._identifier(wanted)
        hits = self._find_users.matching(self._user_filter(identifier), self._identity(identifier))
        return self.only_match(self.true_matches(hits, identifier), f"accounts match {identifier!r}")

    def _identifier(self, wanted: Wanted) -> str:
        word = "email" if self.connection.unique_user_identifier == "workEmail" else "userName"
        value = wanted.get(word)
        if not value:
            raise Refused(f"the user has no {word} to be matched by")
        return str(value)

    def _user_filter(self, identifier: str) -> str:
        return fill(self.connection.user_filter, identifier)

    def _identity(self, identifier: str) -> str:
        word = "email" if self.connection.unique_user_identifier == "workEmail" else "userName"
        return str(self.canonical(word, identifier))

    def _identities(self, document: Json) -> list[str]:
        if self.connection.unique_user_identifier == "workEmail":
            return [str(self.canonical("email", each)) for each in values_of(document.get("emails"))]
        return [str(self.canonical("userName", document.get("userName")))]

    def true_matches(self, hits: list[Json], identifier: str) -> list[Json]:
        """The hits that really have this identifier, compared as the target compares it."""
        key = self._identity(identifier)
        return [hit for hit in hits if key in self._identities(hit)]

    def only_match(self, hits: list[Json], what: str) -> Account | None:
        """The account of the only hit, or None without hits. Raises Ambiguous when there are several."""
        accounts = {account.remote_id: account for hit in hits if (account := self._account(hit)) is not None}
        if len(accounts) > 1:
            raise Ambiguous(f"{len(accounts)} {what} ({', '.join(sorted(accounts)[:5])})")
        return next(iter(accounts.values()), None)

    def find_by_external_id(self, external_id: str) -> Account | None:
        """RFC 7643 section 3.1: the client's own id; compared exactly."""
        hits = self._find_users.answers(f'externalId eq "{escaped(external_id)}"')
        same = [hit for hit in hits if hit.get("externalId") == external_id]
        return self.only_match(same, f"accounts have the externalId {external_id!r}")

    def read_account(self, remote_id: str) -> Account | None:
        """By its id; a soft-deleted account still counts as there."""
        reply = self.caller.get(at(self.users, remote_id))
        if reply.outcome is Outcome.MISSING:
            return None
        return self._account(checked(reply).document)

    def create_account(self, wanted: Wanted) -> Account | None:
        """POST (RFC 7644 section 3.3)."""
        try:
            reply = checked(self.caller.once("POST", self.users, self._new_user(wanted)))
        except (Taken, Lost):
            self._find_users.forget()  # there is an account, or may be one, that no earlier listing shows
            raise
        account = self._account(reply.document)
        if account is None:
            self._find_users.forget()
        else:
            self._find_users.remember(account.document)
        return account

    def _new_user(self, wanted: Wanted) -> Json:
        return self.attribute_mapping.build(wanted)

    def update_account(
        self, remote_id: str, changes: Mapping[str, Any], told: Mapping[str, Any] | None = None
    ) -> Account | None:
        """PATCH with only what changed, or read, change and PUT where PATCH is not to be had."""
        path, whole = at(self.users, remote_id), {**(told or {}), **changes}
        if not self.patches_users:
            return self._account(self._put_changed(path, lambda document: self._change(document, whole)))
        try:
            reply = checked(self.caller.once("PATCH", path, self.user_patch(remote_id, changes)))
        except Refused as refusal:
            if not self._speaks_of_form(refusal) and refusal.scim_type != "noTarget":
                raise
            self.patches_users = refusal.status not in NOT_OFFERED
            document = self._put_changed(path, lambda document: self._change(document, whole))
            self.patches_users = False
            return self._account(document)
        return self._account(reply.document)

    @staticmethod
    def _speaks_of_form(refusal: Refused) -> bool:
        return refusal.status in NOT_OFFERED or (refusal.status == 400 and refusal.scim_type in MISSPELLED)

    @abstractmethod
    def user_patch(self, remote_id: str, changes: Mapping[str, Any]) -> Json:
        """The body of a PATCH that makes these changes."""

    def _change(self, document: Json, changes: Mapping[str, Any]) -> None:
        for word, value in changes.items():
            self.attribute_mapping.put(document, word, value)

    def _put_changed(self, path: str, change: Callable[[Json], None]) -> Json | None:
        document = checked(self.caller.get(path)).document or {}
        fresh = {key: value for key, value in document.items() if key not in READ_ONLY}
        before = deepcopy(fresh)
        change(fresh)
        if fresh == before:
            return document  # somebody was faster: nothing is left to be written
        return checked(self.caller.again("PUT", path, fresh)).document

    def delete_account(self, remote_id: str) -> None:
        """DELETE (RFC 7644 section 3.6)."""
        self._delete(at(self.users, remote_id))

    def _delete(self, path: str) -> None:
        checked(self.caller.again("DELETE", path))

    # words

    def canonical(self, word: str, value: Any) -> Any:
        """The form in which the target compares a word."""
        return canonical(word, value)

    def same(self, word: str, one: Any, other: Any) -> bool:
        """Equal in the target's own view."""
        return bool(self.canonical(word, one) == self.canonical(word, other))

    def value(self, account: Account, word: str) -> Any:
        """Read one word."""
        return self.attribute_mapping.read(account.document, word)

    def differences(self, wanted: Wanted, account: Account) -> dict[str, Any]:
        """The wanted values that are not there."""
        return {
            word: value
            for word, value in wanted.items()
            if word not in self.uncompared
            and not self.same(word, value, self.attribute_mapping.read(account.document, word))
        }

    def _account(self, document: Json | None) -> Account | None:
        remote_id = document.get("id") if document else None
        if document is None or remote_id in (None, ""):
            return None
        groups = frozenset(values_of(document["groups"])) if isinstance(document.get("groups"), list) else None
        self.shows_groups = self.shows_groups or groups is not None
        return Account(str(remote_id), document, groups)

    # groups

    def find_group(self, name: str) -> RemoteGroup | None:
        """By displayName; exactly equal names win over names that differ in case."""
        hits = self._find_groups.matching(f'displayName eq "{escaped(name)}"', name.casefold())
        found = {group.remote_id: group for hit in hits if (group := self._group(hit)) is not None}
        exact = [group for group in found.values() if group.name == name]
        near = [group for group in found.values() if group.name.casefold() == name.casefold()]
        chosen = exact or near
        if len(chosen) > 1:
            ids = ", ".join(sorted(group.remote_id for group in chosen)[:5])
            raise Ambiguous(f"{len(chosen)} groups are called {name!r} ({ids})")
        if chosen and chosen[0].members is None:
            # Lists may leave the members out; the group itself is asked before they are taken to be none.
            return self.read_group(chosen[0].remote_id) or chosen[0]
        return chosen[0] if chosen else None

    def find_group_by_external_id(self, external_id: str) -> RemoteGroup | None:
        """RFC 7643 section 3.1; compared exactly."""
        hits = self._find_groups.answers(f'externalId eq "{escaped(external_id)}"')
        same = [
            group for hit in hits if hit.get("externalId") == external_id and (group := self._group(hit)) is not None
        ]
        if len({group.remote_id for group in same}) > 1:
            raise Ambiguous(f"{len(same)} groups have the externalId {external_id!r}")
        return same[0] if same else None

    def read_group(self, remote_id: str) -> RemoteGroup | None:
        """By its id, with its members."""
        reply = self.caller.get(at(self.groups, remote_id))
        if reply.outcome is Outcome.MISSING:
            return None
        group = self._group(checked(reply).document)
        if group is not None and group.members is None and self.shows_members:
            return replace(group, members=frozenset())
        return group

    def create_group(self, name: str, external_id: str) -> RemoteGroup | None:
        """POST without members: they are added once the group is known to be there."""
        document: Json = {"schemas": [self.group_schema], "displayName": name}
        if external_id:
            document["externalId"] = external_id
        return self._group(checked(self.caller.once("POST", self.groups, document)).document)

    def rename_group(self, remote_id: str, name: str) -> None:
        """By its id, so that the new name is never looked for."""
        path = at(self.groups, remote_id)
        if self.patches_groups:
            try:
                checked(self.caller.once("PATCH", path, self._rename_patch(remote_id, name)))
                return
            except Refused as refusal:
                if not self._speaks_of_form(refusal):
                    raise
                self.patches_groups = refusal.status not in NOT_OFFERED
        self._put_changed(path, lambda document: document.update(displayName=name))
        self.patches_groups = False

    @abstractmethod
    def _rename_patch(self, remote_id: str, name: str) -> Json:
        """The body of a PATCH that renames a group."""

    def delete_group(self, remote_id: str) -> None:
        """DELETE."""
        self._delete(at(self.groups, remote_id))

    def holds(self, group: str, account: str) -> bool | None:
        """By a filter on the members (RFC 7644 section 3.4.2.2); a no counts only where the group itself is found."""
        if self.has_documented_filters:
            return None
        own = f'id eq "{escaped(group)}"'
        with_member = self._told(f'{own} and members.value eq "{escaped(account)}"')
        if with_member != []:
            return True if with_member == [group] else None
        return False if self._told(own) == [group] else None

    def _told(self, filter: str) -> list[str] | None:
        hits = self._find_groups.told(filter)
        return None if hits is None else [str(hit.get("id")) for hit in hits]

    def add_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """PATCH add, or PUT with the members there are and the new ones."""
        return self._edit_members(group, added=accounts, removed=())

    def remove_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """PATCH remove, or PUT without them."""
        return self._edit_members(group, added=(), removed=accounts)

    def _edit_members(self, group: str, *, added: Sequence[str], removed: Sequence[str]) -> frozenset[str] | None:
        path = at(self.groups, group)
        if self.patches_groups:
            try:
                reply = checked(self.caller.once("PATCH", path, self.member_patch(group, added, removed)))
            except Refused as refusal:
                if not self._speaks_of_form(refusal):
                    raise
                self.patches_groups = refusal.status not in NOT_OFFERED
            else:
                return self._members(reply.document)
        document = self._put_changed(path, lambda document: self._edit(document, added, removed))
        self.patches_groups = False
        return self._members(document)

    def _edit(self, document: Json, added: Sequence[str], removed: Sequence[str]) -> None:
        """Edit the members of a whole group. Raises Refused where they are hidden: the rest would be taken out too."""
        listed = document.get("members")
        if removed and listed is None and not self.shows_members:
            raise Refused("the target shows no members: one cannot be taken out by PUT without all others")
        gone = frozenset(removed)
        members = [each for each in listed or [] if not gone.intersection(values_of([each]))]
        present = frozenset(values_of(members))
        document["members"] = members + [{"value": each} for each in added if each not in present]

    def _members(self, document: Json | None) -> frozenset[str] | None:
        members = document.get("members") if document else None
        if not isinstance(members, list):
            return None
        self.shows_members = True
        return frozenset(values_of(members))

    @abstractmethod
    def member_patch(self, group: str, added: Sequence[str], removed: Sequence[str]) -> Json:
        """The body of a PATCH that adds and removes members."""

    def join_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """Memberships on the user's side."""
        return self._edit_groups(account, "add", groups)

    def leave_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """Memberships on the user's side."""
        return self._edit_groups(account, "remove", groups)

    def _edit_groups(self, account: str, op: str, groups: Sequence[str]) -> frozenset[str] | None:
        document = self._groups_patch(account, op, groups)
        answered = self._account(checked(self.caller.once("PATCH", at(self.users, account), document)).document)
        return answered.groups if answered is not None else None

    @abstractmethod
    def _groups_patch(self, account: str, op: str, groups: Sequence[str]) -> Json:
        """The body of a PATCH of a user that adds or removes groups."""

    def _group(self, document: Json | None) -> RemoteGroup | None:
        remote_id = document.get("id") if document else None
        if document is None or remote_id in (None, ""):
            return None
        return RemoteGroup(str(remote_id), _name(document), self._members(document))


def at(resource: str, remote_id: str) -> str:
    """The path of one resource, its id quoted."""
    return f"{resource}/{quote(remote_id, safe='')}"


def _name(group: Json) -> str:
    name = group.get("displayName")
    return name if isinstance(name, str) else ""


def _names(group: Json) -> list[str]:
    return [_name(group).casefold()]
