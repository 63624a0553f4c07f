"""Aquera. Users only.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="aquera",
    title="Aquera",
    row=5,
    remove_actions=("Disable", "Delete"),
)
