"""Microsoft Azure (Office 365). It has groups, but stands in neither list of membership types.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="azure",
    title="Microsoft Azure (Office 365)",
    row=7,
    groups=True,
    membership="undocumented",
    remove_actions=("Disable", "Delete"),
)
