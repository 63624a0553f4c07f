"""Aquera: a SCIM 2.0 gateway in front of one application, whose limits show through.

Hardly anything about its own wire format is public: this is the SCIM family with the differences that are documented.
Sources: docs.pingidentity.com, Aquera connector; RFC 7643, RFC 7644. What is inferred is a flag.
"""

from provcheck.mock_targets.scim.core_mapping import core_mapping
from provcheck.mock_targets.scim.indexes import KINDS
from provcheck.mock_targets.target.api import Api
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import TargetSpec
from provcheck.mock_targets.vendors.aquera.dialect import AqueraDialect, extension
from provcheck.mock_targets.vendors.aquera.flags import IAN_USER, PAGE, PRESETS, PROFILES

TARGET = TargetSpec(
    name="aquera",
    title="Aquera SCIM gateway",
    source=f"https://docs.{PAGE}",
    apis=(Api(path="/scim", dialect=AqueraDialect, label="base_url"),),
    kinds=KINDS,
    core_mapping=core_mapping(extension(IAN_USER)),
    new_id=lambda ids, kind: ids.uuid(),
    real_urls=("https://api.aquera.io",),
    limits=(Limit(("*",), per_minute=1500, burst=25),),
    profiles=PROFILES,
    presets=PRESETS,
)
"""No limits are documented; these are those of the target `scim`."""
