"""Slack: one organisation, spoken to in SCIM 1.1 and 2.0 side by side.

Documents speak version 2 and Slack's terms; each version is a way of reading and showing them.
Sources: https://docs.slack.dev/reference/scim-api, https://docs.slack.dev/admins/scim-api, and what Slack's own SDK
tests assert against the real service.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.directory import Document, IndexSpec, folded
from provcheck.mock_targets.query.text import is_email
from provcheck.mock_targets.scim import core_mapping as scim
from provcheck.mock_targets.scim.indexes import emails, texts
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.core_mapping import At, Core, CoreMapping, Place, Words
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.vendors.slack.dialect import Slack11Dialect, SlackDialect
from provcheck.mock_targets.vendors.slack.render import TIMEZONE
from provcheck.mock_targets.vendors.slack.schemas import CATALOG
from provcheck.mock_targets.vendors.slack.user import ADDRESS_PARTS, LISTS, MAX_USER_NAME, slack_name

_SINGLY = ("user.create", "user.delete", "group.create", "group.delete")
LIMITS = (
    Limit(("*.create", "*.replace", "*.update", "*.delete"), per_minute=600, burst=180),
    Limit(("*.get", "*.list", "discovery"), per_minute=1000, burst=1000),
    *(Limit((name,), per_minute=300, burst=300) for name in ("user.get", "group.get")),
    *(Limit((name,), per_minute=180, burst=20) for name in _SINGLY),
    Limit(("user.replace", "user.update"), per_minute=180, burst=20),
    Limit(("group.replace", "group.update"), per_minute=180, burst=80),
)
"""Of the organisation, for all apps together: sets of endpoints, and single endpoints beside them.
Source: https://docs.slack.dev/reference/scim-api/rate-limits."""


def _seeded_name(name: str) -> str:
    return slack_name(name.strip())[:MAX_USER_NAME]


_PLACES: Mapping[str, Place] = {
    **{word: place for word, place in scim.USER_PLACES.items() if word != "nickName"},
    "userName": At(("userName",), form=_seeded_name),
    "email": scim.Leading("emails", new={"primary": True}),
    "timezone": At(("timezone",), default=TIMEZONE),
    "phoneNumbers": scim.InSlots("phoneNumbers", LISTS["phoneNumbers"], ("work", "mobile")),
    "address": scim.Leading("addresses", ADDRESS_PARTS, new={}),
    "manager": scim.InExtension(("manager", "managerId")),
}


def _start_user(core: Core) -> Document:
    wanted = core["userName"].strip()
    name = core.get("displayName") or _seeded_name(wanted)
    user = {**scim.start_user(core), "displayName": name}
    if not core.get("givenName") and not core.get("familyName"):
        user["name"] = {"givenName": name}
    return {**user, "emails": [{"value": wanted, "primary": True}]} if is_email(wanted) else user


CORE_MAPPING = CoreMapping(
    user=Words(_PLACES, _start_user, scim.reader(lambda: CATALOG.user)),
    group=Words(scim.GROUP_PLACES, scim.start_group, scim.reader(lambda: CATALOG.group)),
)
"""A seed stores a user as Slack would. There is no word `nickName`: Slack's mirrors the user name."""

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
            IndexSpec("userName", texts("userName"), folded, unique=True),
            IndexSpec("email", emails, folded, unique=True),
        ),
        "Group": (IndexSpec("displayName", texts("displayName"), folded),),
    },
    core_mapping=CORE_MAPPING,
    new_id=lambda ids, kind: ("U" if kind == "User" else "S") + ids.code(10),
    real_urls=("https://api.slack.com",),
    limits=LIMITS,
    token_prefix="xoxp-",
)
