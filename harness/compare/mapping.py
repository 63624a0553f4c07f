"""Reads the file of `compare --map` and a seed."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any

from provcheck.harness.model.reading import Described, read
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
    return read(MapFile, _json(path), str(path), error=CannotReplay)


def read_seed(path: Path) -> dict[str, Any]:
    """Read a seed: an object of users and groups. Raises CannotReplay."""
    data = _json(path)
    if not isinstance(data, dict):
        raise CannotReplay(f"{path}: a seed is an object with users and groups")
    return data


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise CannotReplay(f"cannot read {path}: {error.strerror}") from None
    except (ValueError, RecursionError):
        raise CannotReplay(f"{path}: not JSON") from None
