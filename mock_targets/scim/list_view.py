"""The layout of SCIM's list answers (RFC 7644 section 3.4.2, RFC 9865 for cursors), for `Api` and faults."""

from __future__ import annotations

from provcheck.mock_targets.query.list_view import ListView

SCIM_LIST_VIEW = ListView(
    rows="Resources",
    total="totalResults",
    count="itemsPerPage",
    start="startIndex",
    next="nextCursor",
    filters=("filter",),
    start_parameter="startIndex",
    token_parameter="cursor",
)
