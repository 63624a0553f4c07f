"""The dialect of a conversation: the capabilities of the target's API, and the rules that hold for it alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from provcheck.harness.lint.rule import LintRule

CAPABILITIES: Mapping[str, str] = MappingProxyType(
    {
        "scim_media_type": "bodies are application/scim+json",
        "optional_user_agent": "a request without User-Agent is served",
        "optional_external_id": "externalId is kept, and may be left out",
        "trailing_slash": "a path that ends with a slash may be served",
        "post_search": "a query may be sent by POST to .search",
        "password_updates": "an update may set the password of a user",
        "documents_as_sent": "a resource holds what clients wrote, and no defaults of the target",
        "extensions_replaced": "a PUT without an extension of the schema removes its attributes",
        "schemas_named": "resources and PATCH messages name their schemas, always",
        "patch_message": "a PATCH of SCIM 2.0 is a PatchOp with operations, always",
        "group_names_repeat": "two groups may have the same name",
        "value_paths": "a path of PATCH selects values with a filter in brackets",
        "extension_paths": "a path of PATCH names an attribute of an extension after its URN and a colon",
        "filter_grammar": "filters have the grammar of RFC 7644",
        "cursors": "lists can be read by cursor (RFC 9865)",
        "excluded_attributes": "excludedAttributes leaves attributes out of an answer",
        "etags": "resources have versions, and writes may depend on them",
        "service_provider_config": "ServiceProviderConfig says truly what is supported",
        "bulk": "several operations may travel in one Bulk request",
    }
)
"""Capabilities that a rule may need, and their meaning."""


class UnknownCapability(ValueError):
    """The word is no capability of a dialect."""


def known(*words: str) -> frozenset[str]:
    """Return a set of capabilities. Raises UnknownCapability."""
    for word in words:
        if word not in CAPABILITIES:
            raise UnknownCapability(f"{word!r} is not a capability of a dialect; there are {', '.join(CAPABILITIES)}")
    return frozenset(words)


@dataclass(frozen=True, slots=True)
class Dialect:
    """One dialect: its name, its capabilities, the rules that hold in it alone, and how it is recognised.

    `aliases` are other names of it; a target whose name contains one of its names speaks it. `places` matches the
    host and path of its URLs. `exceptions`: capabilities that are missing where a path matches.
    """

    name: str
    capabilities: frozenset[str]
    rules: tuple[LintRule, ...] = field(default=(), repr=False)
    aliases: tuple[str, ...] = ()
    places: re.Pattern[str] | None = None
    exceptions: tuple[tuple[re.Pattern[str], frozenset[str]], ...] = ()

    def has(self, capability: str, path: str) -> bool:
        """Return True if the API has a capability at a path."""
        missing = (each for pattern, each in self.exceptions if pattern.search(path))
        return capability in self.capabilities and not any(capability in each for each in missing)

    def is_named_in(self, target: str) -> bool:
        """Return True if a target of this name has this dialect."""
        return any(name in target.casefold() for name in (self.name, *self.aliases))


STANDARD = Dialect("scim", frozenset(CAPABILITIES))
"""Standard SCIM: every capability, and only the shared rules."""
