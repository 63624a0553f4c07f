"""Every named fault on a SCIM API and on a REST API: it strikes exactly where something can be seen of it.

The same steps are played with and without the fault on a clock that stands still, and everything that can be seen is
compared: answers, connections, time, and what the target holds and shows afterwards.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import pytest

from provcheck.mock_targets.faults.catalog import CATALOGUE
from provcheck.mock_targets.faults.fault import BadFault
from tests.faults.speakers import STEPS, RestSpeaker, ScimSpeaker, Speaker, Trace

PARAMETERS: Mapping[str, Mapping[str, Any]] = {"group.member_cap": {"above": 2}}
"""Faults whose usual parameters ask for more than these steps do."""
REFUSED = {
    "scim": {},
    "pages": {
        "patch.dialect_rejected": "a PATCH of pages has no operations",
        "put.unsupported": "has no such requests",
    },
    "tokens": {
        "paging.total_wrong": "the lists of tokens have no total",
        "patch.dialect_rejected": "a PATCH of tokens has no operations",
        "put.unsupported": "has no such requests",
    },
}
"""What an API cannot show."""


@cache
def speaker(api: str) -> Speaker:
    return {
        "scim": ScimSpeaker,
        "pages": lambda: RestSpeaker("pages"),
        "tokens": lambda: RestSpeaker("tokens"),
    }[api]()


@cache
def undisturbed(api: str) -> dict[str, Trace]:
    traces = {}
    for name, step in STEPS.items():
        speaker(api).begin()
        traces[name] = speaker(api).play(step)
    return traces


@pytest.mark.parametrize("api", REFUSED)
@pytest.mark.parametrize("name", CATALOGUE)
def test_a_named_fault_strikes_where_it_is_seen_and_is_refused_where_it_cannot_be(name, api):
    client, seen, struck = speaker(api), set(), set()
    if name in REFUSED[api]:
        with pytest.raises(BadFault, match=REFUSED[api][name]):
            client.handle.faults.arm_named(name)
        return
    usual = undisturbed(api)
    for step, act in STEPS.items():
        client.begin()
        client.handle.faults.arm_named(name, **PARAMETERS.get(name, {}))
        if client.play(act) != usual[step]:
            seen.add(step)
        if client.struck:
            struck.add(step)
    assert struck == seen
    assert seen
