"""Google Workspace. Memberships travel with the user; a group of the same name is always merged.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="google_workspace",
    title="Google Workspace",
    row=11,
    groups=True,
    membership="user",
    remove_actions=("Disable", "Delete"),
)
