"""An identity store as its declaration in `harness.vendors` states it: names, options, target configurations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from provcheck.harness.model.capability import TargetConfiguration
from provcheck.harness.model.options import Option

Membership = Literal["group", "user", "none", "undocumented"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """One identity store: a row of the contract's section 5, and what a connection to it takes.

    `row` is its place in the vendor's table of identity stores, and its place in every list of ours.
    `membership` is None where there are no groups, `undocumented` where the vendor lists groups but no membership
    type. `chooses_handling`: the connection offers merge or overwrite for a group of the same name.
    `type` is how a connection spells the store (the names and aliases of the store are read as well); empty where no
    connection to it can be read. `options` are those that a connection has beside the switches, `defaults` the values
    of fields of Connection that the store implies.
    `protocol` is what its API is; what reads requests as SCIM (the linter, watch) leaves others alone.
    `configurations` are the ways in which its mock target is set up, the plain one first; none without a mock target.
    """

    name: str
    title: str
    row: int
    inbound: bool = False
    outbound: bool = True
    write_back: bool = False
    groups: bool = False
    membership: Membership | None = None
    chooses_handling: bool = False
    remove_actions: tuple[str, ...] = ()
    type: str = ""
    options: tuple[Option, ...] = ()
    defaults: Mapping[str, Any] = field(default_factory=dict)
    protocol: Literal["SCIM", "REST"] = "SCIM"
    configurations: tuple[TargetConfiguration, ...] = ()

    @property
    def sections(self) -> tuple[str, ...]:
        """The sections of a sync summary about this store (sync summary examples, rows 1 and 2)."""
        return ("users", "groups") if self.groups else ("users",)
