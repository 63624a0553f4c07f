"""A SCIM service provider as the RFCs describe it: the target `scim`, in SCIM 2.0 and, over the same state, in 1.1.

Strict unless a profile says otherwise. Sources: RFC 7643, RFC 7644, RFC 9865; SCIM 1.1 core schema and REST API.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from provcheck.mock_targets.http.oauth.dialect import OAuthDialect
from provcheck.mock_targets.scim.catalog import load_extension, make_catalog
from provcheck.mock_targets.scim.core_mapping import CORE_MAPPING, core_mapping
from provcheck.mock_targets.scim.dialect import ScimDialect
from provcheck.mock_targets.scim.flags import flags_of
from provcheck.mock_targets.scim.indexes import KINDS, unique_indexes
from provcheck.mock_targets.scim.scim11 import Scim11Dialect
from provcheck.mock_targets.target.api import TOKEN_URL, Api
from provcheck.mock_targets.target.rate_limit import Limit
from provcheck.mock_targets.target.target import SchemaFile, TargetSpec
from provcheck.mock_targets.vendors.scim.presets import PRESETS
from provcheck.mock_targets.vendors.scim.sender_presets import PROFILES

LIMITS = (Limit(("*",), per_minute=1500, burst=25),)
"""RFC 7644 names none; 25 requests a second are what Entra ID asks of the targets in its gallery."""


def _extend(schemas: Sequence[SchemaFile]) -> TargetSpec:
    extensions = [load_extension(Path(path), kind=kind) for kind, path in schemas]
    make_catalog(extensions=extensions)  # so that what does not fit together is said now
    kinds = {kind: (*indexes, *unique_indexes(extensions, kind)) for kind, indexes in TARGET.kinds.items()}
    own = {"extensions": tuple(extensions)}
    apis = tuple(replace(api, dialect=type("Extended", (api.dialect,), own)) for api in TARGET.apis)
    return replace(TARGET, kinds=kinds, core_mapping=core_mapping(extensions), apis=apis)


TARGET = TargetSpec(
    name="scim",
    title="SCIM service provider, 2.0 and 1.1",
    source="RFC 7643, RFC 7644, RFC 9865",
    apis=(
        Api(path="/v2", dialect=ScimDialect, label="base_url"),
        Api(path="/v1", dialect=Scim11Dialect, label="v1"),
        Api(path="/oauth2", dialect=OAuthDialect, label=TOKEN_URL, base_path="/oauth2/token"),
    ),
    kinds=KINDS,
    core_mapping=CORE_MAPPING,
    new_id=lambda ids, kind: ids.uuid(),
    limits=LIMITS,
    extend=_extend,
    profiles={name: flags_of(leniency) for name, leniency in PROFILES.items()},
    presets=PRESETS,
)
