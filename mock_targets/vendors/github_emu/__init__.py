"""GitHub: SCIM for enterprises with managed users (cloud, data residency, server) and for organizations.

A userName is turned into a login (`login.py`), and two users never share one.
Sources: docs.github.com, rest/enterprise-admin/scim and rest/scim/scim; every flag names its own.
"""

from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.vendors.github_emu import dialect
from provcheck.mock_targets.vendors.github_emu.core_mapping import CORE_MAPPING, KINDS
from provcheck.mock_targets.vendors.github_emu.flags import ORG, PROFILES, REST

APIS = (
    Api(path="/scim/v2/enterprises/<enterprise>", dialect=dialect.EnterpriseDialect, label="base_url",
        base_path="/scim/v2/enterprises/acme"),
    Api(path="/api/v3/scim/v2", dialect=dialect.ServerDialect, label="ghes"),
    Api(path="/api/v3/scim/v2/enterprises/<enterprise>", dialect=dialect.ServerEnterpriseDialect),
    Api(path="/scim/v2/organizations/<organization>", dialect=dialect.OrganizationDialect, label="organization",
        base_path="/scim/v2/organizations/acme"),
)  # fmt: skip

TARGET = TargetSpec(
    name="github_emu",
    title="GitHub Enterprise Managed Users",
    source=f"{REST}; {ORG}",
    apis=APIS,
    kinds=KINDS,
    core_mapping=CORE_MAPPING,
    new_id=lambda ids, kind: ids.uuid(),
    real_urls=("https://api.github.com",),
    profiles=PROFILES,
    token_prefix="ghp_",
)
