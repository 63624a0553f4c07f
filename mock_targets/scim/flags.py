"""The flags of a SCIM service provider, and how the dialect of one moment is read from them.

Strict RFC by default. What real identity providers send beyond it is one flag for each habit, bundled as profiles.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from functools import lru_cache
from typing import Any

from provcheck.mock_targets.scim.demands import DEMANDS
from provcheck.mock_targets.scim.leniency import Leniency, descriptions, rules
from provcheck.mock_targets.scim.limits import VENDOR_LIMITS
from provcheck.mock_targets.target.common_flags import COMMON_FLAGS
from provcheck.mock_targets.target.flags import Behaviour, Flag

_VERBS = ("ignores", "creates", "clears", "merges")


def flag_of(switch: str) -> str:
    """The name of the flag that turns a switch of `Leniency` on."""
    return switch if switch.split("_")[0] in _VERBS else f"accepts_{switch}"


def _offers(what: str, section: str, *, default: bool = True) -> Flag:
    return Flag(
        f"supports_{what}", default=default, doc=f"Whether {what} is offered.", source=f"RFC 7644 section {section}"
    )


CAPABILITIES = (
    Flag(
        "answers_user_patch_with_body",
        default=True,
        doc="Whether PATCH of a user answers 200 with the user; off: 204 without a body.",
        source="RFC 7644 section 3.5.2: either is allowed",
    ),
    Flag(
        "answers_group_patch_with_body",
        default=True,
        doc="Whether PATCH of a group answers 200 with the group; off: 204 without a body.",
        source="RFC 7644 section 3.5.2: either is allowed",
    ),
    Flag(
        "answers_unchanged_patch_with_body",
        default=True,
        doc="Whether PATCH of a user that changes nothing answers as one that changes something. Off: 204.",
        source="RFC 7644 section 3.5.2: either is allowed",
    ),
    _offers("patch", "3.5.2"),
    _offers("bulk", "3.7"),
    _offers("filter", "3.4.2.2"),
    _offers("sort", "3.4.2.3"),
    _offers("etag", "3.14"),
    Flag("supports_cursor", default=True, doc="Whether cursor paging is offered.", source="RFC 9865 section 2"),
    Flag(
        "requires_if_match",
        default=False,
        doc="Whether PUT, PATCH and DELETE without If-Match are refused.",
        source="RFC 7644 section 3.14: a provider may demand preconditions",
    ),
    Flag(
        "missing_if_match_answer",
        default="428",
        type="string",
        choices=("428", "412"),
        doc="The status of the refusal of a request without the If-Match that is demanded.",
        source="RFC 6585 section 3: 428; seen: 412",
    ),
    Flag(
        "authentication",
        default="bearer",
        type="string",
        choices=("bearer", "basic", "both", "none"),
        doc="How clients authenticate: the token as bearer, the token as the password of any user, either, or not at "
        "all.",
        source="RFC 7644 section 2; PingOne connection option AUTHENTICATION_METHOD",
    ),
    Flag(
        "discovery_without_token",
        default="config",
        type="string",
        choices=("config", "all", "none"),
        doc="Which discovery endpoints need no credentials: ServiceProviderConfig alone, all of them, or none.",
        source="RFC 7643 section 5: how to authenticate should be readable without authentication",
    ),
    Flag(
        "sends_location_with_resources",
        default=True,
        doc="Whether answers to GET, PUT and PATCH with one resource have a Location header, as those to POST have.",
        source="RFC 7644 sections 3.4.1 and 3.5.1, examples; section 3.1: the location of the resource",
    ),
    Flag(
        "accepts_scim_suffix",
        default=True,
        doc="Whether a URL may end in .scim to ask for JSON (`/Users/2819c223.scim`). Off: 404.",
        source="RFC 7644 section 3.8",
    ),
    Flag(
        "checks_content_type",
        default=True,
        doc="Whether a body of another type than application/scim+json or application/json is refused (415).",
        source="RFC 7644 section 3.8",
    ),
    Flag(
        "unknown_members",
        default="rejected",
        type="string",
        choices=("rejected", "skipped", "stored"),
        doc="What happens to a member id that nothing has: the request is refused, the member is left out, or kept.",
        source="not stated in RFC 7644; both occur in the field",
    ),
    Flag(
        "me_subject",
        default=None,
        type="string",
        doc="The userName that /Me stands for; null: /Me answers 501.",
        source="RFC 7644 section 3.11",
    ),
)

LIMITS = (
    Flag("default_page_size", default=100, type="integer", doc="Resources in a page when no count is asked for.",
         source="RFC 7644 section 3.4.2.4: the provider chooses"),
    Flag("max_page_size", default=1000, type="integer", doc="Most resources in a page, whatever count is asked for.",
         source="RFC 7644 section 3.4.2.4: the provider may return fewer"),
    Flag("cursor_timeout", default=3600, type="integer", doc="Seconds for which a cursor can be used.",
         source="RFC 9865 section 2: cursorTimeout"),
    Flag("bulk_max_operations", default=1000, type="integer", doc="Most operations in one bulk request.",
         source="RFC 7644 section 3.7.4"),
    Flag("bulk_max_payload_size", default=1_048_576, type="integer", doc="Most bytes in one bulk request.",
         source="RFC 7644 section 3.7.4"),
)  # fmt: skip

READINGS = tuple(
    Flag(flag_of(switch), default=True, doc=f"Whether {doc}.", source=source)
    for switch, (doc, source) in rules().items()
)
LENIENCIES = tuple(
    Flag(flag_of(switch), default=False, doc=f"Accepts {doc}.", source="sent by identity providers beyond RFC 7644")
    for switch, doc in descriptions().items()
)

SCIM_FLAGS = (*COMMON_FLAGS, *CAPABILITIES, *LIMITS, *VENDOR_LIMITS, *DEMANDS, *READINGS, *LENIENCIES)


@lru_cache(maxsize=256)
def leniency_of(behaviour: Behaviour) -> Leniency:
    """What a target accepts beyond the RFC at this moment."""
    return Leniency(**{switch.name: getattr(behaviour, flag_of(switch.name)) for switch in fields(Leniency)})


def flags_of(leniency: Leniency) -> Mapping[str, Any]:
    """The flag values that stand for a leniency: every switch, on or off."""
    return {flag_of(switch.name): getattr(leniency, switch.name) for switch in fields(Leniency)}
