"""Brings one account at the target in line: the careful verbs on which the states of a user rest.

Nothing is created twice. After a conflict or a lost answer the account is looked up before anything
else is sent, and an account that belongs to another source user is never touched.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, TypeVar

from provcheck.harness.client.connectors.attribute_mapping import Wanted
from provcheck.harness.client.connectors.interface import Account, Connector
from provcheck.harness.client.failures import Ambiguous, Exhausted, Gone, Lost, Refused, Taken
from provcheck.harness.client.retry import Caller

LOOK_UPS = 6
"""How often a look-up is made for what ought to be there: with the pauses between, for more than ten seconds."""

Found = TypeVar("Found")


class Accounts:
    """Find, create, change and remove accounts, whatever the network does."""

    def __init__(self, connector: Connector, caller: Caller, *, recovers: bool = False) -> None:
        """`recovers`: an earlier run was interrupted, so that an account may exist that the state does not hold."""
        self.connector = connector
        self.caller = caller
        self._recovers = recovers
        self._born: set[str] = set()

    def find(self, wanted: Wanted) -> Account | None:
        """Return the account of this identity, or None."""
        found = self.connector.find_account(wanted)
        if found is None and self._recovers and wanted.get("externalId"):
            # It may have an earlier name, but it has the external id that this client gave it.
            with suppress(Refused):
                return self.connector.find_by_external_id(str(wanted["externalId"]))
        return found

    def read(self, remote_id: str) -> Account | None:
        """Return the account with this id; for one created in this run, retry until it is visible."""
        if remote_id not in self._born:
            return self.connector.read_account(remote_id)
        return self.patiently(lambda: self.connector.read_account(remote_id))

    def create(self, wanted: Wanted) -> tuple[Account, bool]:
        """An account that says what is wanted, and whether this call made it (else it was there: link it).

        Raises Refused, Ambiguous, Exhausted.
        """
        backoff = self.caller.backoff()
        for _ in range(self.caller.policy.tries):
            try:
                account = self.connector.create_account(wanted)
            except Taken as conflict:
                return self.account_in_conflict(wanted, conflict), False
            except Lost:
                self.caller.pause(backoff)
                account = self.patiently(lambda: self.connector.find_account(wanted))
                if account is None:
                    continue
                if self.connector.differences(wanted, account):
                    return account, False  # an account of another client, or created incompletely
            account = account or self.account_without_id(wanted)
            self._born.add(account.remote_id)
            return account, True
        raise Exhausted("every answer to the creation was lost, and the account is not there")

    def account_in_conflict(self, wanted: Wanted, conflict: Taken) -> Account:
        """Return the account that causes a conflict. The look-up is repeated, as it may lag behind the create."""
        found = self.patiently(lambda: self.connector.find_account(wanted))
        if found is None and wanted.get("externalId"):
            found = self.connector.find_by_external_id(str(wanted["externalId"]))
        if found is None:
            raise Refused(f"{conflict}; no account with this identity can be found", status=conflict.status)
        return found

    def account_without_id(self, wanted: Wanted) -> Account:
        """Return the account whose create was answered without an id, or with an unreadable body."""
        found = self.patiently(lambda: self.connector.find_account(wanted))
        if found is None:
            raise Exhausted("the account was created, but the answer did not name it and it cannot be found")
        return found

    def patiently(self, look: Callable[[], Found | None]) -> Found | None:
        """Repeat a look-up, with growing pauses, for a resource that must exist."""
        backoff = self.caller.backoff()
        for number in range(LOOK_UPS):
            if number:
                self.caller.pause(backoff)
            found = look()
            if found is not None:
                return found
        return None

    def update(
        self, remote_id: str, changes: Mapping[str, Any], told: Mapping[str, Any] | None = None
    ) -> Account | None:
        """Change some attributes. After a lost answer the account is read, and only what is missing is sent again.

        `told`: see the connectors' interface. Raises Gone, Refused, Exhausted.
        """
        backoff = self.caller.backoff()
        left = dict(changes)
        for _ in range(self.caller.policy.tries):
            try:
                return self.connector.update_account(remote_id, left, told)
            except Lost:
                self.caller.pause(backoff)
            except Gone:
                if remote_id not in self._born:
                    raise
                self.caller.pause(backoff)
            account = self.read(remote_id)
            if account is None:
                raise Gone("the account is gone", status=404)
            left = self._still_missing(left, account)
            if not left:
                return account
        raise Exhausted("every answer to the update was lost, and it did not take effect")

    def _still_missing(self, changes: Mapping[str, Any], account: Account) -> dict[str, Any]:
        connector = self.connector
        return {
            word: value
            for word, value in changes.items()
            if not connector.same(word, value, connector.value(account, word))
        }

    def delete(self, remote_id: str) -> None:
        """Delete an account; one that does not exist counts as deleted."""
        try:
            self.connector.delete_account(remote_id)
        except Gone:
            return

    def check_free(self, account: Account, user_id: str, holders: Mapping[str, str]) -> None:
        """Raise Ambiguous if the account belongs to another source user."""
        holder = holders.get(account.remote_id)
        if holder not in (None, user_id):
            raise Ambiguous(f"account {account.remote_id} belongs to {holder!r} already")
