"""Google Workspace: users, groups and members by the Directory API of the Admin SDK.

Sources: the discovery document admin directory_v1 (revision 20261104) and the guides of
https://developers.google.com/workspace/admin/directory; recorded answers; reports of clients where pages are silent.
"""

from __future__ import annotations

from provcheck.mock_targets.ids import IdMaker
from provcheck.mock_targets.target.api import TOKEN_URL, Api
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.vendors.google_workspace.dialect import DirectoryDialect
from provcheck.mock_targets.vendors.google_workspace.oauth import GoogleOAuth
from provcheck.mock_targets.vendors.google_workspace.requests import ROOT
from provcheck.mock_targets.vendors.google_workspace.schemas import CORE_MAPPING, KINDS

LIMITS = (Limit(("*",), per_minute=2400, burst=2400),)
"""Queries per user and project (https://developers.google.com/workspace/admin/directory/v1/limits)."""


def _new_id(ids: IdMaker, kind: str) -> str:
    """21 digits for a user, 15 small letters and digits for a group, as recorded."""
    return str(10**20 + ids.number(9 * 10**20)) if kind == "User" else ids.code(15).lower()


TARGET = TargetSpec(
    name="google_workspace",
    title="Google Workspace Directory API",
    source="https://developers.google.com/workspace/admin/directory",
    apis=(
        Api(path="", dialect=DirectoryDialect, label="base_url"),
        Api(path="/oauth2", dialect=GoogleOAuth, label=TOKEN_URL, base_path="/oauth2/token"),
    ),
    kinds=KINDS,
    core_mapping=CORE_MAPPING,
    new_id=_new_id,
    real_urls=("https://admin.googleapis.com",),
    limits=LIMITS,
    token_prefix="ya29.",
    sample_path=f"{ROOT}/users?customer=my_customer",
)
