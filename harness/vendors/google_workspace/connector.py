"""Google Workspace's Directory API, for the reference client.

A user is found by its primary address; memberships are written one by one, as the API has it, in the order of users.
Source: the discovery document admin directory_v1; PingOne, Creating a Google Workspace connection.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import quote

from provcheck.harness.client.connectors.attribute_mapping import Wanted
from provcheck.harness.client.connectors.interface import Account, Connector, RemoteGroup
from provcheck.harness.client.failures import Ambiguous, Gone, Refused, Taken, checked
from provcheck.harness.client.outcome import Json, Outcome, Reply
from provcheck.harness.client.retry import Caller
from provcheck.harness.client.transport import MEDIA_TYPES
from provcheck.harness.model.connection import Connection
from provcheck.harness.vendors.google_workspace.mapping import (
    IN_LISTS,
    WHOLE_LISTS,
    UserMapping,
    address_of,
    group_addresses,
)

ROOT = "/admin/directory/v1"
DOMAIN = "example.com"
"""The domain of a connection that names none: that of the mock target."""
MOST_PAGES = 10_000


def _at(*path: str) -> str:
    return "/".join((ROOT, *(quote(each, safe="", errors="replace") for each in path)))


def _query(field: str, value: str) -> str:
    """A clause of the query language; the value stands in single quotes (guide, search for groups)."""
    text = value.replace("\\", "\\\\").replace("'", "\\'")
    return quote(f"{field}='{text}'", safe="", errors="replace")


class GoogleConnector:
    """The verbs of the Directory API."""

    media_type: ClassVar[str] = MEDIA_TYPES[1]
    headers: ClassVar[Mapping[str, str]] = {}
    members_per_request = 1
    hides_inactive_members = False
    requires_external_ids = False
    shows_members = True
    shows_groups = True
    refuses_inactive_members = False

    def __init__(self, connection: Connection, caller: Caller) -> None:
        self.connection, self.caller = connection, caller
        self.domain = connection.domain or DOMAIN
        self.mapping = UserMapping(self.domain)
        self._probed = False

    def begin(self) -> None:
        """Nothing is remembered between runs."""

    def probe(self) -> None:
        """Ask for the smallest list; the answer is not needed."""
        if not self._probed:
            self.caller.get(f"{_at('users')}?customer=my_customer&maxResults=1", tries=1)
            self._probed = True

    # accounts

    def find_account(self, wanted: Wanted) -> Account | None:
        """By the primary address; an account that only has it as an alias is another one."""
        name = wanted.get("userName")
        if not name:
            raise Refused("the user has no userName to be matched by")
        address = address_of(str(name), self.domain)
        path = f"{_at('users')}?customer=my_customer&projection=full&query={_query('email', address)}"
        hits = [each for each in self._rows(path, "users") if self.same("userName", each.get("primaryEmail"), address)]
        if len({str(each.get("id")) for each in hits}) > 1:
            raise Ambiguous(f"{len(hits)} accounts match {address!r}")
        return self._account(hits[0]) if hits else None

    def find_by_external_id(self, external_id: str) -> Account | None:
        """By a query; compared exactly."""
        query = f"{_at('users')}?customer=my_customer&projection=full&query={_query('externalId', external_id)}"
        hits = [each for each in self._rows(query, "users") if self.mapping.read(each, "externalId") == external_id]
        if len(hits) > 1:
            raise Ambiguous(f"{len(hits)} accounts have the externalId {external_id!r}")
        return self._account(hits[0]) if hits else None

    def read_account(self, remote_id: str) -> Account | None:
        """With the groups of the account, where memberships are written."""
        account = self._read(remote_id)
        if account is None or self.connection.membership_style == "none":
            return account
        rows = self._rows(f"{_at('groups')}?userKey={quote(remote_id, safe='')}", "groups")
        return replace(account, groups=frozenset(str(each.get("id")) for each in rows))

    def _read(self, key: str) -> Account | None:
        reply = self.caller.get(f"{_at('users', key)}?projection=full")
        return None if reply.outcome is Outcome.MISSING else self._account(checked(reply).document)

    @staticmethod
    def _account(document: Json | None) -> Account | None:
        remote_id = document.get("id") if document else None
        return Account(str(remote_id), document or {}) if remote_id else None

    def create_account(self, wanted: Wanted) -> Account | None:
        """POST; the required password has to be changed, and follows from the credentials, so that runs repeat."""
        secret = sha256(f"{self.connection.token} {wanted.get('userName')}".encode("utf-8", "replace")).hexdigest()
        document: Json = {"name": {}, "password": secret, "changePasswordAtNextLogin": True}
        for word, value in wanted.items():
            if value is not None:
                self.mapping.put(document, word, value, {})
        return self._account(checked(self.caller.once("POST", _at("users"), document)).document)

    def update_account(
        self, remote_id: str, changes: Mapping[str, Any], told: Mapping[str, Any] | None = None
    ) -> Account | None:
        """PUT, which merges; lists are replaced whole, so what is in them is read first."""
        before: Json = {}
        if any(word in IN_LISTS or word in WHOLE_LISTS for word in changes):
            reply = checked(self.caller.get(f"{_at('users', remote_id)}?projection=full"))
            before = reply.document or {}
        document: Json = {}
        for word, value in changes.items():
            self.mapping.put(document, word, value, before)
        return self._account(checked(self.caller.once("PUT", _at("users", remote_id), document)).document)

    def delete_account(self, remote_id: str) -> None:
        """DELETE."""
        checked(self.caller.again("DELETE", _at("users", remote_id)))

    def differences(self, wanted: Wanted, account: Account) -> dict[str, Any]:
        """The wanted values that are not there."""
        return {
            word: value
            for word, value in wanted.items()
            if not self.same(word, value, self.mapping.read(account.document, word))
        }

    def same(self, word: str, one: Any, other: Any) -> bool:
        """Equal in Google's view: user names are addresses."""
        return bool(self.mapping.canonical(word, one) == self.mapping.canonical(word, other))

    def value(self, account: Account, word: str) -> Any:
        """The value of a word."""
        return self.mapping.read(account.document, word)

    # groups

    def find_group(self, name: str) -> RemoteGroup | None:
        """By name; exactly equal names win over names that differ in case."""
        rows = self._rows(f"{_at('groups')}?customer=my_customer&query={_query('name', name)}", "groups")
        found = [each for each in rows if str(each.get("name")).casefold() == name.casefold()]
        chosen = [each for each in found if each.get("name") == name] or found
        if len(chosen) > 1:
            raise Ambiguous(f"{len(chosen)} groups are called {name!r}")
        return self._with_members(chosen[0]) if chosen else None

    def find_group_by_external_id(self, external_id: str) -> RemoteGroup | None:
        """Groups have no external ids that a client could write."""
        return None

    def read_group(self, remote_id: str) -> RemoteGroup | None:
        """With its members."""
        reply = self.caller.get(_at("groups", remote_id))
        return None if reply.outcome is Outcome.MISSING else self._with_members(checked(reply).document)

    def _with_members(self, document: Json | None) -> RemoteGroup | None:
        remote_id = document.get("id") if document else None
        if document is None or not remote_id:
            return None
        rows = self._rows(f"{_at('groups', str(remote_id), 'members')}?maxResults=200", "members")
        members = frozenset(str(each.get("id")) for each in rows)
        return RemoteGroup(str(remote_id), str(document.get("name") or ""), members)

    def create_group(self, name: str, external_id: str) -> RemoteGroup | None:
        """POST; where a group of another name has the address, another one is taken."""
        first, second = group_addresses(name, self.domain)
        reply = self._create_group(name, first)
        if reply.outcome is Outcome.CONFLICT:
            holder = self.caller.get(_at("groups", first)).document or {}
            if str(holder.get("name")).casefold() != name.casefold():
                reply = self._create_group(name, second)
        document = checked(reply).document or {}
        return RemoteGroup(str(document["id"]), name, frozenset()) if document.get("id") else None

    def _create_group(self, name: str, address: str) -> Reply:
        return self.caller.once("POST", _at("groups"), {"email": address, "name": name})

    def rename_group(self, remote_id: str, name: str) -> None:
        """The address stays."""
        checked(self.caller.once("PUT", _at("groups", remote_id), {"name": name}))

    def delete_group(self, remote_id: str) -> None:
        """DELETE; Google keeps nothing of a group."""
        checked(self.caller.again("DELETE", _at("groups", remote_id)))

    def holds(self, group: str, account: str) -> bool | None:
        """Members are listed, so nobody asks."""
        return None

    def add_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """One request for each."""
        for account in accounts:
            self._join(group, account)
        return None

    def remove_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """One request for each."""
        for account in accounts:
            self._leave(group, account)
        return None

    def join_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """In the order of users."""
        for group in groups:
            self._join(group, account)
        return None

    def leave_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """In the order of users."""
        for group in groups:
            self._leave(group, account)
        return None

    def _join(self, group: str, account: str) -> None:
        try:
            checked(self.caller.once("POST", _at("groups", group, "members"), {"id": account, "role": "MEMBER"}))
        except Taken:
            return  # a member already, which is what is wanted
        except Gone as gone:
            raise Refused(str(gone), status=gone.status) from None  # the group, or the account

    def _leave(self, group: str, account: str) -> None:
        reply = self.caller.again("DELETE", _at("groups", group, "members", account))
        if reply.outcome is not Outcome.MISSING and "memberKey" not in reply.detail:
            checked(reply)

    def _rows(self, path: str, name: str) -> Iterator[Json]:
        """The rows of all pages of a list, each id once; a token that comes again ends it."""
        token, used, seen = "", set[str](), set[str]()
        while token not in used and len(used) < MOST_PAGES:
            used.add(token)
            suffix = f"&pageToken={quote(token, safe='')}" if token else ""
            page = checked(self.caller.get(f"{path}{suffix}")).document or {}
            for each in page.get(name) or ():
                if isinstance(each, dict) and str(each.get("id")) not in seen:
                    seen.add(str(each.get("id")))
                    yield each
            token = str(page.get("nextPageToken") or "")


def choose(connection: Connection) -> tuple[type[Connector], Connection]:
    """There is one dialect."""
    return GoogleConnector, connection
