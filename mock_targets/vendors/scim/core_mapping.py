"""How core words read and write the documents of a SCIM service provider, and what its indexes look at."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.scim.catalog import GROUP_URN, USER_URN
from provcheck.mock_targets.target.core_mapping import Core, CoreMapping


def texts(name: str) -> Callable[[Document], Iterable[str]]:
    """Reads the one text that a document holds under a name, for an index."""

    def values(document: Document) -> Iterable[str]:
        value = document.get(name)
        return (value,) if isinstance(value, str) else ()

    return values


def emails(document: Document) -> Iterable[str]:
    """The e-mail addresses of a document, for an index."""
    return [email["value"] for email in document.get("emails", ()) if isinstance(email.get("value"), str)]


def _write_user(core: Core) -> Document:
    document: Document = {"schemas": [USER_URN], "userName": core["userName"], "active": core.get("active", True)}
    name = {word: core[word] for word in ("givenName", "familyName") if core.get(word)}
    document |= {word: core[word] for word in ("externalId", "displayName") if core.get(word)}
    if name:
        document["name"] = name
    if core.get("email"):
        document["emails"] = [{"value": core["email"], "type": "work", "primary": True}]
    return document


def _read_user(document: Document) -> dict[str, Any]:
    name, emails = document.get("name", {}), document.get("emails", ())
    chosen = next((email for email in emails if email.get("primary")), emails[0] if emails else {})
    core = {
        "userName": document.get("userName"),
        "externalId": document.get("externalId"),
        "givenName": name.get("givenName"),
        "familyName": name.get("familyName"),
        "displayName": document.get("displayName"),
        "email": chosen.get("value"),
    }
    return {
        **{word: value for word, value in core.items() if value is not None},
        "active": document.get("active", True),
    }


def _write_group(core: Core) -> Document:
    own = {word: core[word] for word in ("displayName", "externalId") if core.get(word)}
    return {"schemas": [GROUP_URN], **own}


def _read_group(document: Document) -> dict[str, Any]:
    return {word: document[word] for word in ("displayName", "externalId") if word in document}


CORE_MAPPING = CoreMapping(_write_user, _read_user, _write_group, _read_group)
