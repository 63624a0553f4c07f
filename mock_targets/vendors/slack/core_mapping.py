"""Slack's documents in core words, for seeds, snapshots and judges.

A seed stores a user as Slack would: the user name in Slack's form, cut to what is allowed.
"""

from __future__ import annotations

from typing import Any

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.target.core_mapping import Core, CoreMapping
from provcheck.mock_targets.vendors.slack.document_editor import blank
from provcheck.mock_targets.vendors.slack.names import MAX_USER_NAME, is_email, slack_name
from provcheck.mock_targets.vendors.slack.slots import kept_emails


def _write_user(core: Core) -> Document:
    wanted = core["userName"].strip()
    address = core.get("email") or (wanted if is_email(wanted) else None)
    user = slack_name(wanted)[:MAX_USER_NAME]
    given, family = core.get("givenName") or "", core.get("familyName") or ""
    display = core.get("displayName") or ""
    if not given and not family:
        given = display or user
    return {
        **blank(),
        "externalId": core.get("externalId") or "",
        "userName": user,
        "displayName": display,
        "name": {"givenName": given, "familyName": family},
        "active": core.get("active", True),
        "emails": kept_emails(address, None),
    }


def _read_user(document: Document) -> dict[str, Any]:
    core = {
        "userName": document["userName"],
        "externalId": document["externalId"],
        "givenName": document["name"]["givenName"],
        "familyName": document["name"]["familyName"],
        "displayName": document["displayName"],
        "email": document["emails"][0]["value"] if document["emails"] else "",
    }
    return {**{word: value for word, value in core.items() if value}, "active": document["active"]}


def _write_group(core: Core) -> Document:
    return {word: core[word] for word in ("displayName", "externalId") if core.get(word)}


def _read_group(document: Document) -> dict[str, Any]:
    return dict(document)


CORE_MAPPING = CoreMapping(_write_user, _read_user, _write_group, _read_group)
