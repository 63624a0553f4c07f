"""Zoom: the users and groups of one account, over SCIM 2.0 at two paths and over the users API, with a token endpoint.

Source: developers.zoom.us, SCIM2 API; PingOne's Zoom connection uses it.
"""

from provcheck.mock_targets.target.api import TOKEN_URL, Api
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.vendors.zoom.dialect import ZoomScimDialect, ZoomScimV2Dialect
from provcheck.mock_targets.vendors.zoom.flags import SCIM
from provcheck.mock_targets.vendors.zoom.oauth import ZoomOAuthDialect
from provcheck.mock_targets.vendors.zoom.schemas import CORE_MAPPING, KINDS
from provcheck.mock_targets.vendors.zoom.users_api import ZoomUsersDialect

_WRITES = ("*.create", "*.replace", "*.update", "*.delete")

TARGET = TargetSpec(
    name="zoom",
    title="Zoom: SCIM2 and users API",
    source=f"https://{SCIM}",
    apis=(
        Api(path="/scim2", dialect=ZoomScimDialect, label="base_url"),
        Api(path="/v2/scim2", dialect=ZoomScimV2Dialect, label="v2"),
        Api(path="/v2", dialect=ZoomUsersDialect, label="users_api"),
        Api(path="/oauth", dialect=ZoomOAuthDialect, label=TOKEN_URL, base_path="/oauth/token"),
    ),
    kinds=KINDS,
    core_mapping=CORE_MAPPING,
    new_id=lambda ids, kind: ids.code(22),
    real_urls=("https://api.zoom.us", "https://zoom.us"),
    limits=(Limit(_WRITES, per_minute=4800, burst=80), Limit(("*.get", "*.list"), per_minute=3600, burst=60)),
)
"""Limits of a Business account: 80 light and 60 medium requests a second (developers.zoom.us, Rate limits)."""
