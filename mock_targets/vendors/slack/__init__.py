"""Slack: one organisation, spoken to in SCIM 1.1 and 2.0 side by side.

Documents speak version 2 and Slack's terms; each version is a way of reading and showing them.
Sources: https://docs.slack.dev/reference/scim-api, https://docs.slack.dev/admins/scim-api, and what Slack's own SDK
tests assert against the real service.
"""

from __future__ import annotations

from collections.abc import Iterable

from provcheck.mock_targets.directory import Document, IndexSpec, folded
from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.vendors.slack.core_mapping import CORE_MAPPING
from provcheck.mock_targets.vendors.slack.dialect import Slack11Dialect, SlackDialect

LIMITS = (
    Limit(("*.create", "*.replace", "*.update", "*.delete"), per_minute=600, burst=180),
    Limit(("*.get", "*.list", "discovery"), per_minute=1000, burst=1000),
    *(Limit((name,), per_minute=300, burst=300) for name in ("user.get", "group.get")),
    *(
        Limit((name,), per_minute=180, burst=20)
        for name in ("user.create", "user.delete", "group.create", "group.delete")
    ),
    Limit(("user.replace", "user.update"), per_minute=180, burst=20),
    Limit(("group.replace", "group.update"), per_minute=180, burst=80),
)
"""Of the organisation, for all apps together: sets of endpoints, and single endpoints beside them.
Source: https://docs.slack.dev/reference/scim-api/rate-limits."""
_FIRST_LETTER = {"User": "U", "Group": "S"}


def _new_id(ids: IdMaker, kind: str) -> str:
    return _FIRST_LETTER[kind] + ids.code(10)


def _user_names(document: Document) -> Iterable[str]:
    return (document["userName"],)


def _emails(document: Document) -> Iterable[str]:
    return [item["value"] for item in document.get("emails", ())]


def _display_names(document: Document) -> Iterable[str]:
    return (document["displayName"],)


TARGET = TargetSpec(
    name="slack",
    title="Slack SCIM API, versions 1.1 and 2.0",
    source="https://docs.slack.dev/reference/scim-api",
    apis=(
        Api(path="/scim/v2", dialect=SlackDialect, label="base_url"),
        Api(path="/scim/v1", dialect=Slack11Dialect, label="v1"),
    ),
    kinds={
        "User": (
            IndexSpec("userName", _user_names, folded, unique=True),
            IndexSpec("email", _emails, folded, unique=True),
        ),
        "Group": (IndexSpec("displayName", _display_names, folded),),
    },
    core_mapping=CORE_MAPPING,
    new_id=_new_id,
    real_urls=("https://api.slack.com",),
    limits=LIMITS,
    token_prefix="xoxp-",
)
