"""Slack: one organisation, spoken to in SCIM 1.1 and 2.0 side by side.

Documents speak version 2 and Slack's terms; each version is a way of reading and showing them.
Sources: https://docs.slack.dev/reference/scim-api, https://docs.slack.dev/admins/scim-api, and what Slack's own SDK
tests assert against the real service.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from provcheck.mock_targets.directory import Document, IndexSpec, folded
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.target.target import Target, TargetSpec
from provcheck.mock_targets.vendors.slack.core_mapping import CORE_MAPPING
from provcheck.mock_targets.vendors.slack.flags import FLAGS
from provcheck.mock_targets.vendors.slack.limits import LIMITS

if TYPE_CHECKING:
    from flask import Flask

_FIRST_LETTER = {"User": "U", "Group": "S"}


def _make_app(target: Target) -> Flask:
    from provcheck.mock_targets.vendors.slack.app import make_app  # late: a list of targets needs no app

    return make_app(target)


def _new_id(ids: IdMaker, kind: str) -> str:
    return _FIRST_LETTER[kind] + ids.code(10)


def _user_names(document: Document) -> Iterable[str]:
    return (document["userName"],)


def _emails(document: Document) -> Iterable[str]:
    return [item["value"] for item in document["emails"]]


def _display_names(document: Document) -> Iterable[str]:
    return (document["displayName"],)


TARGET = TargetSpec(
    name="slack",
    title="Slack SCIM API, versions 1.1 and 2.0",
    source="https://docs.slack.dev/reference/scim-api",
    flags=FLAGS,
    kinds={
        "User": (
            IndexSpec("userName", _user_names, folded, unique=True),
            IndexSpec("email", _emails, folded, unique=True),
        ),
        "Group": (IndexSpec("displayName", _display_names, folded),),
    },
    core_mapping=CORE_MAPPING,
    make_app=_make_app,
    new_id=_new_id,
    base_paths={"base_url": "/scim/v2", "v1": "/scim/v1"},
    real_urls=("https://api.slack.com",),
    limits=LIMITS,
    token_prefix="xoxp-",
)
