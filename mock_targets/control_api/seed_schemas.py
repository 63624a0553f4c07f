"""The shapes of seeds and snapshots, drawn from the types by which seeds are read."""

from __future__ import annotations

import json
from collections.abc import Iterable

from provcheck.mock_targets.control_api.shapes import Schema, ref
from provcheck.mock_targets.reading import json_schema
from provcheck.mock_targets.target.core_words import seed_type

_ALWAYS = {
    "SeedUser": ("SnapshotUser", ["id", "userName", "groups", "document"]),
    "SeedGroup": ("SnapshotGroup", ["id", "members", "memberIds", "document"]),
    "Seed": ("Snapshot", ["users", "groups"]),
}
"""A snapshot says what a seed may say, and some of it always."""


def seed_shapes(lists: Iterable[str]) -> dict[str, Schema]:
    """`Seed`, `Snapshot` and what they are made of, for targets that have these lists. Takes pydantic to draw."""
    seed = json_schema(seed_type(*lists), ref_template=ref("{model}")["$ref"])
    text = json.dumps({**seed.pop("$defs"), "Seed": seed})
    shapes: dict[str, Schema] = json.loads(text)
    for name, (of_snapshot, _) in _ALWAYS.items():
        text = text.replace(f'{ref(name)["$ref"]}"', f'{ref(of_snapshot)["$ref"]}"')
    of_snapshots = json.loads(text)
    for name, (of_snapshot, always) in _ALWAYS.items():
        shapes[of_snapshot] = {**of_snapshots[name], "required": always}
    shapes["Seed"]["examples"] = [
        {
            "users": [{"userName": "ada", "email": "ada@example.com", "department": "Engines", "manager": "charles"}],
            "groups": [{"displayName": "Staff", "members": ["ada"]}],
        }
    ]
    return shapes
