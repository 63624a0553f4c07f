"""LDAP Gateway. A source and a target of users.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="ldap_gateway",
    title="LDAP Gateway",
    row=13,
    inbound=True,
    remove_actions=("Delete",),
)
