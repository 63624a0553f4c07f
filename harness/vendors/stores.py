"""The thirteen identity stores of the vendor's list, as data: which of them take users in, users out, and groups.

Only three of them are targets here so far; the table says for all what a summary about them must look like.
Source: pingone, Sync status (table of identity stores); Configuring outbound group provisioning (list of provisioners,
table of membership types); remove actions: the store's own connection page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Membership = Literal["group", "user", "none", "undocumented"]


@dataclass(frozen=True, slots=True)
class Store:
    """One identity store.

    `membership` is None where there are no groups, `undocumented` where the vendor lists groups but neither kind of
    membership. `chooses_handling`: the connection offers merge or overwrite for a group of the same name.
    """

    name: str
    inbound: bool
    outbound: bool
    groups: bool
    membership: Membership | None = None
    chooses_handling: bool = False
    remove_actions: tuple[str, ...] = ()
    write_back: bool = False

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of a sync summary about this store (sync summary examples, rows 1 and 2)."""
        return ("users", "groups") if self.groups else ("users",)


_BOTH = ("Disable", "Delete")
STORES: tuple[Store, ...] = (
    Store("SCIM", False, True, True, "group", True, _BOTH),
    Store("Salesforce", False, True, True, "user", False, ("Disable", "Freeze")),
    Store("Salesforce Communities", False, True, True, "none", False, ("Disable", "Freeze")),
    Store("Salesforce Leads and Contacts", False, True, False, remove_actions=("Delete",)),
    Store("Aquera", False, True, False, remove_actions=_BOTH),
    Store("Workday", True, True, False, write_back=True),
    Store("Microsoft Azure (Office 365)", False, True, True, "undocumented", False, _BOTH),
    Store("Zoom", False, True, False, remove_actions=_BOTH),
    Store("Slack", False, True, True, "group", True, ("Disable",)),
    Store("ServiceNow", False, True, False, remove_actions=("Disable",)),
    Store("Google Workspace", False, True, True, "user", False, _BOTH),
    Store("GitHub EMU", False, True, True, "group", True, _BOTH),
    Store("LDAP Gateway", True, True, False, remove_actions=("Delete",)),
)
"""In the order of the vendor's table."""


class UnknownStore(LookupError):
    """No store of the vendor's list has this name."""


def store(name: str) -> Store:
    """The store of this name. Raises UnknownStore."""
    for each in STORES:
        if each.name == name:
            return each
    raise UnknownStore(f"{name!r} is not one of {', '.join(each.name for each in STORES)}")
