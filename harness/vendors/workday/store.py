"""Workday. A source of users; outbound is write-back alone, which only updates.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="workday",
    title="Workday",
    row=6,
    inbound=True,
    write_back=True,
)
