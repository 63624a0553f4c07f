"""ServiceNow. Users only; they are disabled, never deleted.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="servicenow",
    title="ServiceNow",
    row=10,
    remove_actions=("Disable",),
)
