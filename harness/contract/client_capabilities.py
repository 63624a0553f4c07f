"""The capabilities that a client names in its description. Scenarios that need others are skipped.

They name what a client is meant to do; scenarios test whether it does. `harness/model/capability.py` has the words for
what a target can do, in which scenarios say what they need; `CLIENT_CAPABILITY_OF` leads from those to these.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from provcheck.harness.model.core_words import FURTHER_WORDS

CLIENT_CAPABILITIES: Mapping[str, str] = MappingProxyType(
    {
        "create": "makes accounts",
        "update": "changes accounts",
        "disable": "turns accounts off, of leavers and of users who are disabled at the source",
        "delete": "removes accounts of leavers when the remove action of the connection is Delete",
        "rename_user": "keeps the account of a user whose user name changes",
        "match_by_email": "looks accounts up by e-mail address when the connection says so",
        "no_filters": "looks accounts up by listing them where the target knows no filters",
        "retries": "gets over limits, lost and odd answers: waits, tries again, looks before it creates again",
        "guards_source": "does not believe a source that turns up empty: nobody is deprovisioned on its word",
        "switches": "obeys the permissions of the connection: create_users, update_users, disable_users and so on",
        "rules": "obeys the rule: its user filter, its choice of groups, its mapping, and whether it is enabled",
        "attributes": "maps further attributes: " + ", ".join(FURTHER_WORDS),
        "groups": "writes groups",
        "memberships": "writes memberships on the group",
        "user_memberships": "writes memberships on the user, where the connection says so",
        "merge_or_overwrite": "adds to the members of a group of the same name, or replaces them, as configured",
        "group_remove_action": "removes memberships or deletes the group when it leaves the rule, as configured",
        "rename_group": "keeps the group when its name changes at the source",
        "scim_1_1": "speaks SCIM 1.1 where the connection says so",
        "oauth": "gets and renews access tokens by OAuth 2 client credentials where the connection says so",
        "summary": "reports a sync summary; a client that does not is judged by what target and journal show",
        "resync": "does a Full Resync when asked",
        "restart": "ends and starts again, and still knows what it had stored",
        "orphans": "reports leavers whose deprovisioning failed",
        "warnings": "warns of what is not recommended",
        "audit": "reports its audit log",
        "status": "reports the status block around its summary: Sync Status, Last Sync, source and target",
    }
)
"""Every capability and its meaning."""

METHOD_OF = frozenset({"summary", "resync", "restart", "orphans", "warnings", "audit", "status"})
"""Capabilities with a method of the same name, which is called only if the client names the capability."""

CLIENT_CAPABILITY_OF: Mapping[str, str] = MappingProxyType(
    {
        "group_memberships": "memberships",
        **{f"keeps_{word}": "attributes" for word in FURTHER_WORDS},
        **{word: word for word in CLIENT_CAPABILITIES},
    }
)
"""Capability of a target -> the capability that a client needs for it, if any."""
