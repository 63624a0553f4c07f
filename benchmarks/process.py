"""Whole processes: how long they take to start, and how much memory they hold."""

from __future__ import annotations

import json
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from statistics import median

RUNS = 5


def memory(pid: int) -> float:
    """Resident memory of a process, in megabytes of 1,000,000 bytes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024 / 1e6
    raise RuntimeError(f"process {pid} shows no resident memory")


def help_time() -> float:
    """Seconds that `provcheck --help` takes."""
    return median(_run("--help") for _ in range(RUNS))


def _run(*arguments: str) -> float:
    begun = time.perf_counter()
    subprocess.run([*_provcheck(), *arguments], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def first_answer() -> float:
    """Seconds from starting `provcheck serve scim` to the first answer of the target."""
    return median(_first_answer() for _ in range(RUNS))


def _first_answer() -> float:
    begun = time.perf_counter()
    with subprocess.Popen([*_provcheck(), "serve", "scim", "--port", "0", "--json"], stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        target = json.loads(process.stdout.readline())["targets"]["scim"]
        headers = {"Authorization": f"Bearer {target['token']}"}
        asked = urllib.request.Request(f"{target['base_url']}/Users", headers=headers)
        with urllib.request.urlopen(asked) as answer:
            answer.read()
        taken = time.perf_counter() - begun
        process.terminate()
    return taken


def _provcheck() -> list[str]:
    return [str(Path(sys.executable).parent / "provcheck")]


def reset_time() -> float:
    """Seconds that the reset of a target with 1,000 users and a journal takes."""
    from benchmarks.peers import person
    from provcheck.mock_targets.environment import Environment
    from provcheck.mock_targets.target.seeding import seed

    target = Environment(["scim"]).targets["scim"]
    times = []
    for _ in range(50):
        seed(target, {"users": [person(i) for i in range(1000)]})
        begun = time.perf_counter()
        target.reset()
        times.append(time.perf_counter() - begun)
    return median(times)
