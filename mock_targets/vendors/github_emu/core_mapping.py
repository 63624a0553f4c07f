"""The core words in GitHub's words, and the indexes of its resources."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from provcheck.mock_targets.directory import Document, IndexSpec
from provcheck.mock_targets.query.text import exact, fold
from provcheck.mock_targets.scim.catalog import GROUP_URN, USER_URN
from provcheck.mock_targets.target.core_mapping import Core, CoreMapping
from provcheck.mock_targets.vendors.github_emu.login import login_key

MEMBER = "OrganizationUser"
"""The kind of a member of an organization, provisioned by organization SCIM; enterprises do not see them."""


def leading_email(document: Document) -> Mapping[str, Any]:
    """The primary e-mail of a user, else the first; empty without any."""
    emails: Sequence[Mapping[str, Any]] = document.get("emails") or ({},)
    return next((email for email in emails if email.get("primary")), emails[0])


def _write_user(core: Core) -> Document:
    document: Document = {"schemas": [USER_URN], "userName": core["userName"], "active": core.get("active", True)}
    name = {word: core[word] for word in ("givenName", "familyName") if core.get(word)}
    document |= {word: core[word] for word in ("externalId", "displayName") if core.get(word)}
    if name:
        document["name"] = name
    if core.get("email"):
        document["emails"] = [{"value": core["email"], "type": "work", "primary": True}]
    return document


def read_user(document: Document) -> dict[str, Any]:
    """A user in core words."""
    name = document.get("name", {})
    core = {
        "userName": document.get("userName"),
        "externalId": document.get("externalId"),
        "givenName": name.get("givenName"),
        "familyName": name.get("familyName"),
        "displayName": document.get("displayName"),
        "email": leading_email(document).get("value"),
    }
    known = {word: value for word, value in core.items() if value is not None}
    return {**known, "active": document.get("active", True)}


def _write_group(core: Core) -> Document:
    return {"schemas": [GROUP_URN], **{word: core[word] for word in ("displayName", "externalId") if core.get(word)}}


def _read_group(document: Document) -> dict[str, Any]:
    return {word: document[word] for word in ("displayName", "externalId") if word in document}


def _text(name: str) -> Callable[[Document], Iterable[str]]:
    def values(document: Document) -> Iterable[str]:
        value = document.get(name)
        return (value,) if isinstance(value, str) else ()

    return values


def emails_of(document: Document) -> list[str]:
    """Every e-mail address of a user."""
    return [email["value"] for email in document.get("emails", ()) if isinstance(email.get("value"), str)]


CORE_MAPPING = CoreMapping(_write_user, read_user, _write_group, _read_group)

KINDS: Mapping[str, tuple[IndexSpec, ...]] = {
    "User": (
        IndexSpec("login", _text("userName"), login_key, unique=True),
        IndexSpec("userName", _text("userName"), fold),
        IndexSpec("externalId", _text("externalId"), exact, unique=True),
        IndexSpec("email", emails_of, fold),
        IndexSpec("displayName", _text("displayName"), exact),
    ),
    "Group": (
        IndexSpec("externalId", _text("externalId"), exact, unique=True),
        IndexSpec("displayName", _text("displayName"), exact),
    ),
    MEMBER: (
        IndexSpec("userName", _text("userName"), fold, unique=True),
        IndexSpec("externalId", _text("externalId"), exact, unique=True),
        IndexSpec("email", emails_of, fold, unique=True),
    ),
}
