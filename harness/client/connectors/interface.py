"""What the engine asks of a target, whatever dialect it speaks.

A method either says what the target answered or raises a `Trouble`; None as the answer of a write
means "done, but the answer did not show it".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol

from provcheck.harness.client.connectors.attribute_mapping import Wanted
from provcheck.harness.client.outcome import Json
from provcheck.harness.client.retry import Caller
from provcheck.harness.model.connection import Connection


@dataclass(frozen=True, slots=True)
class Account:
    """An account as the target showed it; `groups` are remote ids, None where the answer did not list them."""

    remote_id: str
    document: Json = field(repr=False)
    groups: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RemoteGroup:
    """A group as the target showed it; `members` are remote ids, None where the answer did not list them."""

    remote_id: str
    name: str
    members: frozenset[str] | None = None


class Connector(Protocol):
    """The verbs of one target. All of them may raise Trouble, and RunStopped when the whole run has to end.

    `media_type` is that of bodies, `headers` go with every request beside those of HTTP itself.
    """

    media_type: ClassVar[str]
    headers: ClassVar[Mapping[str, str]]
    caller: Caller
    members_per_request: int

    def __init__(self, connection: Connection, caller: Caller) -> None:
        """A connector that sends its requests through `caller`."""

    hides_inactive_members: bool
    """Accounts that are off do not show among the members although they are (still) in the group."""
    requires_external_ids: bool
    """Groups cannot be made without an id of the client's own."""
    shows_members: bool
    """Some group has shown its members before, so one that is read without them has none (RFC 7643 section 2.5)."""
    shows_groups: bool
    """Some account has shown its groups before, so one that is read without them is in none."""
    refuses_inactive_members: bool
    """Accounts that are off cannot be put into a group."""

    def begin(self) -> None:
        """Called once at the start of a run: forget what was only true during the last one."""

    def probe(self) -> None:
        """A cheap request that shows whether the credentials hold, and what the target supports."""

    def find_account(self, wanted: Wanted) -> Account | None:
        """The one account with this identity. Raises Ambiguous when there are more."""

    def find_by_external_id(self, external_id: str) -> Account | None:
        """The one account with this external id, for targets that can be asked; after a conflict only."""

    def read_account(self, remote_id: str) -> Account | None:
        """The account with this id; None when there is none."""

    def create_account(self, wanted: Wanted) -> Account | None:
        """Create. Raises Taken (409) and Lost (unknown)."""

    def update_account(
        self, remote_id: str, changes: Mapping[str, Any], told: Mapping[str, Any] | None = None
    ) -> Account | None:
        """Change the given words only, None clears one. Raises Gone and Lost.

        `told` are words that the target was told before and shows in a form of its own: where the whole account has
        to be written, they are said again, so that the target's form does not become the value.
        """

    def delete_account(self, remote_id: str) -> None:
        """Delete. Raises Gone."""

    def differences(self, wanted: Wanted, account: Account) -> dict[str, Any]:
        """The words whose value at the target is not the wanted one, in the target's own view of equality."""

    def same(self, word: str, one: Any, other: Any) -> bool:
        """Whether two values of a word are one and the same to the target."""

    def value(self, account: Account, word: str) -> Any:
        """The value of a word in an account, or None."""

    def find_group(self, name: str) -> RemoteGroup | None:
        """The one group of this name. Raises Ambiguous when there are more."""

    def find_group_by_external_id(self, external_id: str) -> RemoteGroup | None:
        """The one group with this external id, for targets that can be asked; after a conflict only."""

    def read_group(self, remote_id: str) -> RemoteGroup | None:
        """The group with this id, with its members; None when there is none."""

    def create_group(self, name: str, external_id: str) -> RemoteGroup | None:
        """Create an empty group. Raises Taken and Lost."""

    def rename_group(self, remote_id: str, name: str) -> None:
        """Give a group another name. Raises Gone and Lost."""

    def delete_group(self, remote_id: str) -> None:
        """Delete a group. Raises Gone."""

    def holds(self, group: str, account: str) -> bool | None:
        """Whether an account is in a group, for targets that never list members; None where it cannot be asked."""

    def add_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """Put accounts into a group; answers all members where the target shows them."""

    def remove_members(self, group: str, accounts: Sequence[str]) -> frozenset[str] | None:
        """Take accounts out of a group; answers the members left where the target shows them."""

    def join_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """Write memberships on the user's side; answers all groups of the account where the target shows them."""

    def leave_groups(self, account: str, groups: Sequence[str]) -> frozenset[str] | None:
        """Take memberships away on the user's side."""
