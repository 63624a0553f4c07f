"""Reads the file of `compare --map` and a seed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from provcheck.harness.model.reading import Described, read
from provcheck.harness.model.text_file import read_json
from provcheck.harness.testbed.fresh_target import CannotReplay


@dataclass(frozen=True, slots=True)
class MapFile:
    """What stands for recorded values, and which places are not compared."""

    values: Annotated[dict[str, str], Described("Recorded value -> the value that stands for it at the mock.")] = field(
        default_factory=dict
    )
    ignore: Annotated[list[str], Described("Places such as body.meta.version, without the indexes of lists.")] = field(
        default_factory=list
    )


def read_mapping(path: Path) -> MapFile:
    """Read a file of values and places. Raises CannotReplay."""
    return read(MapFile, read_json(path, CannotReplay), str(path), error=CannotReplay)


def read_seed(path: Path) -> dict[str, Any]:
    """Read a seed: an object of users and groups. Raises CannotReplay."""
    data = read_json(path, CannotReplay)
    if not isinstance(data, dict):
        raise CannotReplay(f"{path}: a seed is an object with users and groups")
    return data
