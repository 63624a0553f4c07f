"""Named bundles of leniency: what each well-known sender needs, and no more.

A bundle holds the habits that the sender's own documentation or its public request logs show; `tolerant` is all of
them together, `rfc` none.
"""

from __future__ import annotations

from collections.abc import Mapping

from provcheck.mock_targets.scim.leniency import RFC, Leniency

_OKTA = Leniency(
    ignores_read_only=True,
    remove_absent=True,
    member_extras=True,
    clears_with_empty_string=True,
    foreign_schemas=True,
    ignores_unknown_attributes=True,
)
_ENTRA = Leniency(
    short_extension_names=True,
    any_case_operations=True,
    string_booleans=True,
    bare_complex_values=True,
    creates_missing_values=True,
    dotted_keys=True,
    remove_with_value=True,
    remove_absent=True,
    clears_with_empty_string=True,
    foreign_schemas=True,
    loose_types=True,
    empty_operations=True,
)
_ENTRA_LEGACY = Leniency(
    short_extension_names=True,
    any_case_operations=True,
    string_booleans=True,
    bare_complex_values=True,
    creates_missing_values=True,
    dotted_keys=True,
    remove_with_value=True,
    remove_absent=True,
    clears_with_empty_string=True,
    foreign_schemas=True,
    loose_types=True,
    empty_operations=True,
    list_for_single=True,
    value_objects=True,
    single_for_list=True,
    loose_patch_schemas=True,
)
_AUTHENTIK = Leniency(
    ignores_read_only=True,
    remove_absent=True,
    remove_with_value=True,
    member_extras=True,
    foreign_schemas=True,
    missing_schemas=True,
)
_AWS_SYNC = Leniency(
    short_extension_names=True,
    remove_with_value=True,
    remove_absent=True,
    any_case_keys=True,
    loose_patch_schemas=True,
    missing_schemas=True,
    ignores_read_only=True,
    single_for_list=True,
)
_GOOGLE_SYNC = Leniency(
    string_booleans=True,
    ignores_read_only=True,
    ignores_unknown_attributes=True,
    member_extras=True,
    remove_with_value=True,
    remove_absent=True,
    creates_missing_values=True,
    missing_schemas=True,
    loose_patch_schemas=True,
    bare_complex_values=True,
)

PROFILES: Mapping[str, Leniency] = {
    "rfc": RFC,
    "tolerant": Leniency.everything(),
    "okta": _OKTA,
    "entra": _ENTRA,
    "entra_legacy": _ENTRA_LEGACY,
    "authentik": _AUTHENTIK,
    "aws_sync": _AWS_SYNC,
    "google_sync": _GOOGLE_SYNC,
}
"""Leniency by profile name. `entra` sends `aadOptscim062020`, `entra_legacy` does not."""
