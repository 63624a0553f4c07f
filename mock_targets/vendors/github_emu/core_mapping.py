"""The core words in GitHub's words, and the indexes of its resources."""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.directory import IndexSpec
from provcheck.mock_targets.query.text import exact, fold
from provcheck.mock_targets.scim import core_mapping as scim
from provcheck.mock_targets.scim.indexes import emails, texts
from provcheck.mock_targets.target.core_mapping import CoreMapping, Words
from provcheck.mock_targets.vendors.github_emu.login import login_key
from provcheck.mock_targets.vendors.github_emu.schemas import catalog

MEMBER = "OrganizationUser"
"""The kind of a member of an organization, provisioned by organization SCIM; enterprises do not see them."""

_PLACES = {
    word: scim.USER_PLACES[word]
    for word in ("userName", "externalId", "givenName", "familyName", "displayName", "email", "active")
}

_USER = Words(_PLACES, scim.start_user, scim.reader(lambda: catalog("relaxed").user))

CORE_MAPPING = CoreMapping(
    user=_USER,
    group=Words(scim.GROUP_PLACES, scim.start_group, scim.reader(lambda: catalog("relaxed").group)),
    others={"organizationMembers": (MEMBER, _USER)},
)

KINDS: Mapping[str, tuple[IndexSpec, ...]] = {
    "User": (
        IndexSpec("login", texts("userName"), login_key, unique=True),
        IndexSpec("userName", texts("userName"), fold),
        IndexSpec("externalId", texts("externalId"), exact, unique=True),
        IndexSpec("email", emails, fold),
        IndexSpec("displayName", texts("displayName"), exact),
    ),
    "Group": (
        IndexSpec("externalId", texts("externalId"), exact, unique=True),
        IndexSpec("displayName", texts("displayName"), exact),
    ),
    MEMBER: (
        IndexSpec("userName", texts("userName"), fold, unique=True),
        IndexSpec("externalId", texts("externalId"), exact, unique=True),
        IndexSpec("email", emails, fold, unique=True),
    ),
}
