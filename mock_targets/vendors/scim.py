"""A SCIM service provider as the RFCs describe it: the target `scim`, in SCIM 2.0.

Sources: RFC 7643, RFC 7644, RFC 9865.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask

from mock_targets.directory import Document, IndexSpec
from mock_targets.scim.catalog import GROUP_URN, USER_URN
from mock_targets.scim.flags import SCIM_FLAGS
from mock_targets.scim.routes import scim_app
from mock_targets.scim.text import exact, fold
from mock_targets.wire.lens import Core, Lens
from mock_targets.wire.target import Target, TargetSpec


def _values(name: str) -> Any:
    def values(document: Document) -> Iterable[str]:
        value = document.get(name)
        return (value,) if isinstance(value, str) else ()

    return values


def _emails(document: Document) -> Iterable[str]:
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


def _make_app(target: Target) -> Flask:
    return scim_app(target)


TARGET = TargetSpec(
    name="scim",
    title="SCIM 2.0 service provider",
    source="RFC 7643, RFC 7644, RFC 9865",
    flags=SCIM_FLAGS,
    kinds={
        "User": (
            IndexSpec("userName", _values("userName"), fold, unique=True),
            IndexSpec("externalId", _values("externalId"), exact),
            IndexSpec("email", _emails, fold),
        ),
        "Group": (
            IndexSpec("displayName", _values("displayName"), fold),
            IndexSpec("externalId", _values("externalId"), exact),
        ),
    },
    lens=Lens(_write_user, _read_user, _write_group, _read_group),
    make_app=_make_app,
    new_id=lambda ids, kind: ids.uuid(),
    base_paths={"base_url": "/v2"},
)
