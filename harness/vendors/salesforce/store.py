"""Salesforce (workforce users). Groups are merged always; users are disabled or frozen, never deleted.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="salesforce",
    title="Salesforce",
    row=2,
    groups=True,
    membership="user",
    remove_actions=("Disable", "Freeze"),
)
