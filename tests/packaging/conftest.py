"""The wheel, and a virtual environment that has it: made once for all tests of this folder."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from .fresh_environment import TOP, FreshEnvironment, build


@pytest.fixture(scope="session")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as a package index would give it: built from the unpacked source distribution."""
    at = tmp_path_factory.mktemp("built")
    with tarfile.open(build("sdist", TOP, at / "sdist")) as packed:
        packed.extractall(at, filter="data")
    (source,) = at.glob("provcheck-*")
    return build("wheel", source, at / "wheel")


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> FreshEnvironment:
    """A virtual environment with the wheel in it."""
    fresh = FreshEnvironment(tmp_path_factory.mktemp("installed") / "venv")
    fresh.install(wheel)
    return fresh
