"""Runs the console blocks of a page as a reader would, in an empty folder, and compares what they print.

A line that begins with `$ ` is a command; those below it are what it prints, with `...` for anything. A command ends
with 0, or as its comment says (`# exits 1`). `provcheck serve` and `watch` go on in the background (save with a command
after `--`), on a free port that takes the place of 8080; `$ export TOKEN=...` stands for the tokens that they print,
which are set already.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.documentation.pages import TOP, Block

PRINTED = "http://127.0.0.1:8080"
READY_SECONDS = 60
COMMAND_SECONDS = 100
_COMMANDS = {"provcheck": "-m provcheck", "python": "", "pytest": "-m pytest -p no:cacheprovider -p no:xdist"}


class Terminal:
    """A folder, an environment, and the servers that were started in it."""

    def __init__(self, folder: Path, place: str) -> None:
        self._folder, self._place = folder, place
        self._home = folder / "home"
        self._servers: list[subprocess.Popen[str]] = []
        self._url = PRINTED
        programs = folder / "programs"
        for each in (self._home, programs):
            each.mkdir()
        for name, arguments in _COMMANDS.items():
            (programs / name).write_text(f'#!/bin/sh\nexec {sys.executable} {arguments} "$@"\n', encoding="utf-8")
            (programs / name).chmod(0o755)
        paths = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "PYTHONPATH": str(TOP)}
        self._environment = {**os.environ, **paths, "NO_COLOR": "1", "COLUMNS": "120"}
        for name in [name for name in self._environment if name.startswith("PYTEST_")]:
            del self._environment[name]

    def play(self, block: Block) -> None:
        """Write the file that a block is, or run its commands."""
        if block.title:
            (self._home / block.title).write_text(block.text.replace(PRINTED, self._url), encoding="utf-8")
        elif block.language == "console":
            for command, printed in _commands(block.text):
                self._run(command, printed, f"{self._place}:{block.line}: {command}")

    def close(self) -> None:
        """End the servers that were started; each must still run."""
        for server in self._servers:
            assert server.poll() is None, f"{self._place}: a server has ended by itself"
            server.terminate()
            server.communicate(timeout=READY_SECONDS)

    def _run(self, command: str, printed: list[str], place: str) -> None:
        if command.startswith("export "):
            return
        if command.startswith(("provcheck serve", "provcheck watch")) and " -- " not in command:
            _compare(printed, self._serve(command, place), place)
            return
        code = int(found[1]) if (found := re.search(r"# exits (\d)$", command)) else 0
        done = subprocess.run(
            ["bash", "-c", command.replace(PRINTED, self._url)],
            cwd=self._home, env=self._environment, capture_output=True, text=True, timeout=COMMAND_SECONDS, check=False,
        )  # fmt: skip
        assert done.returncode == code, f"{place}: exit code {done.returncode}\n{done.stdout}{done.stderr}"
        _compare(printed, (done.stdout + done.stderr).replace(self._url, PRINTED), place)

    def _serve(self, command: str, place: str) -> str:
        """Start a server, and know its URL and tokens; what it printed."""
        log = self._home.parent / f"server-{len(self._servers)}.log"
        with log.open("w", encoding="utf-8") as out:
            line = f"exec {command} --port 0"
            where = {"cwd": self._home, "env": self._environment}
            server = subprocess.Popen(["bash", "-c", line], stdout=out, stderr=subprocess.STDOUT, text=True, **where)
        self._servers.append(server)
        deadline = time.monotonic() + READY_SECONDS
        while not re.search(r"^  switch ", said := log.read_text(encoding="utf-8"), re.MULTILINE):
            if server.poll() is not None or time.monotonic() > deadline:
                raise AssertionError(f"{place}: is not ready\n{said}")
            time.sleep(0.05)
        token, *_, control = re.findall(r"^  token +(\S+)$", said, re.MULTILINE)
        self._environment.update(TOKEN=token, CONTROL_TOKEN=control)
        self._url = re.search(r"http://127\.0\.0\.1:\d+", said)[0]
        return said.replace(self._url, PRINTED)


def _commands(text: str) -> Iterator[tuple[str, list[str]]]:
    """Each command of a console block, with the lines that it prints."""
    for part in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, *printed = part.splitlines()
        yield command, printed


def _compare(printed: list[str], seen: str, place: str) -> None:
    """What a page shows is what was printed, in the same order; `...` is anything."""
    rest = seen
    for part in filter(None, (part.strip() for part in "\n".join(printed).split("..."))):
        for line in filter(None, (line.strip() for line in part.splitlines())):
            found, _, after = rest.partition(line)
            assert after or found != rest, f"{place}: printed no {line!r}, but\n{seen}"
            rest = after
