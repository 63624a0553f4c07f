"""The roles that a user of an enterprise can have, given by name or by the id of the app role.

Values come in any case and go out as documented. Source: docs.github.com, rest/enterprise-admin/scim.
"""

from __future__ import annotations

from provcheck.mock_targets.directory import Document
from provcheck.mock_targets.scim.errors import InvalidValue

ROLES = frozenset(
    {
        "user",
        "guest_collaborator",
        "enterprise_owner",
        "billing_manager",
        "27d9891d-2c17-4f45-a262-781a0e55c80a",
        "1ebc4a02-e56c-43a6-92a5-02ee09b90824",
        "981df190-8801-4618-a08a-d91f6206c954",
        "ba4987ab-a1c3-412a-b58c-360fc407cb10",
        "0e338b8c-cc7f-498a-928d-ea3470d7e7e3",
        "e6be2762-e4ad-4108-b72d-1bbe884a0f91",
    }
)


def with_settled_roles(document: Document, *, refuses_unknown: bool) -> Document:
    """The document with its roles in lower case. Raises InvalidValue for one that does not exist."""
    roles = document.get("roles")
    if not roles:
        return document
    for role in roles:
        if refuses_unknown and role["value"].lower() not in ROLES:
            raise InvalidValue(f"{role['value']!r:.80} is not a role")
    settled = [{**role, "value": known(role["value"])} for role in roles]
    return document if settled == roles else {**document, "roles": settled}


def known(value: str) -> str:
    """The documented spelling of a role; one that does not exist stays as it is."""
    return value.lower() if value.lower() in ROLES else value
