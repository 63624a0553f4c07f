"""Salesforce Communities. Groups are synced without their memberships.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="salesforce_communities",
    title="Salesforce Communities",
    row=3,
    groups=True,
    membership="none",
    remove_actions=("Disable", "Freeze"),
)
