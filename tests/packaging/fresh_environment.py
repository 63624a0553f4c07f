"""Fresh virtual environments, made without a package index: what they need is taken from the running environment."""

from __future__ import annotations

import os
import subprocess
import sys
import sysconfig
import venv
from collections.abc import Mapping
from pathlib import Path

TOP = Path(__file__).resolve().parents[2]


class FreshEnvironment:
    """A virtual environment of its own. It sees the running environment's packages, after its own."""

    def __init__(self, path: Path) -> None:
        venv.create(path, symlinks=True)
        self.path = path
        self.python = path / ("Scripts" if os.name == "nt" else "bin") / "python"
        names = {"base": str(path), "platbase": str(path)}
        self.packages = Path(sysconfig.get_path("purelib", "venv", vars=names))
        (self.packages / "running_environment.pth").write_text(sysconfig.get_path("purelib"), encoding="utf-8")

    def install(self, *arguments: str | Path) -> None:
        """Install without dependencies and without an index. Raises CalledProcessError."""
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet", "--no-deps", "--no-index"]
        pip += ["--ignore-installed"]  # the running environment may have the same version, which is not to be taken
        subprocess.run([*pip, "--no-build-isolation", *arguments], check=True, capture_output=True, env=plain())

    def fetch(self, *arguments: str) -> str:
        """Install from the package index (or from a URL), without dependencies; why that is not possible, or ''.

        Constraints of this run do not count. Only pip's own last word is given, so that it can be a reason to skip.
        """
        pip = [sys.executable, "-m", "pip", "--python", self.python, "install", "--quiet", "--no-deps", "--no-input"]
        hurry = ["--timeout", "10", "--retries", "0"]
        environ = {name: value for name, value in plain().items() if name != "PIP_CONSTRAINT"}
        done = subprocess.run([*pip, *hurry, *arguments], capture_output=True, text=True, env=environ, check=False)
        return "" if done.returncode == 0 else (done.stderr.strip().splitlines() or ["no reason given"])[-1]

    def run(self, *arguments: str | Path, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run Python there, outside this checkout; standard output and error come in one text."""
        return subprocess.run(
            [self.python, *arguments],
            cwd=cwd,
            env=plain(),
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            check=False,
        )


def plain() -> Mapping[str, str]:
    """The variables of this process without those that lead Python or pytest to this checkout."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "PYTEST", "COV_"))}


def build(kind: str, source: Path, into: Path) -> Path:
    """Build an `sdist` or a `wheel`; the file. Raises CalledProcessError."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", into]
    subprocess.run(command, cwd=source, check=True, capture_output=True, env=plain())
    (built,) = into.iterdir()
    return built
