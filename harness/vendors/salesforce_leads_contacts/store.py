"""Salesforce Leads and Contacts. No groups; a record is deleted, as there is nothing to disable.

Source: pingone, Sync status, table of identity stores; Configuring outbound group provisioning; the store's own
connection page for the remove actions.
"""

from __future__ import annotations

from provcheck.harness.model.store import Store

STORE = Store(
    name="salesforce_leads_contacts",
    title="Salesforce Leads and Contacts",
    row=4,
    remove_actions=("Delete",),
)
