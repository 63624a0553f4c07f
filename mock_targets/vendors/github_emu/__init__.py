"""GitHub: SCIM for enterprises with managed users (cloud, data residency, server) and for organizations.

A userName is what its login comes to (`login.py`), and two users never share one.
Sources: docs.github.com, rest/enterprise-admin/scim and rest/scim/scim; every flag names its own.
"""

from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.vendors.github_emu.core_mapping import CORE_MAPPING, KINDS
from provcheck.mock_targets.vendors.github_emu.flags import GITHUB_FLAGS, ORG, PROFILES, REST
from provcheck.mock_targets.vendors.github_emu.routes import github_app

TARGET = TargetSpec(
    name="github_emu",
    title="GitHub Enterprise Managed Users",
    source=f"{REST}; {ORG}",
    flags=GITHUB_FLAGS,
    kinds=KINDS,
    core_mapping=CORE_MAPPING,
    make_app=github_app,
    new_id=lambda ids, kind: ids.uuid(),
    base_paths={
        "base_url": "/scim/v2/enterprises/acme",
        "ghes": "/api/v3/scim/v2",
        "organization": "/scim/v2/organizations/acme",
    },
    real_urls=("https://api.github.com",),
    profiles=PROFILES,
    token_prefix="ghp_",
)
