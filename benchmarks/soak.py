"""Soak: steady load on a server with many tenants; memory at the end against memory after the first third.

`python -m benchmarks.soak [SECONDS] [REQUESTS_PER_SECOND]`: 600 seconds and 150 requests a second, over 20 tenants.
Exit code 1 if memory grew by more than 5 percent.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import requests

TENANTS = 20
JOURNAL_MB = 64
"""The default of `serve`, for a run of `SECONDS`; a shorter run has as much less, so that it is full as early."""
SECONDS = 600
MOST_GROWTH = 1.05
WARM_UP = 0.3
"""The part of the time after which memory is measured first."""


def resident(pid: int) -> int:
    """Resident memory of a process, in kB."""
    lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


def load(url: str, token: str, seconds: float, per_second: float, pid: int) -> tuple[int, int, int, int]:
    """Send requests; how many, how many 5xx, and the memory after the warm-up and at the end."""
    count = failed = early = 0
    start = time.monotonic()
    with requests.Session() as session:
        session.headers.update({"Authorization": f"Bearer {token}", "Content-Type": "application/scim+json"})
        while (now := time.monotonic() - start) < seconds:
            if not early and now > seconds * WARM_UP:
                early = resident(pid)
            time.sleep(max(0.0, count / per_second - now))
            base = url.replace("/scim/", f"/~soak{count % TENANTS}/scim/")
            name = f"user{count // TENANTS % 50}"
            body = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": name, "title": "x" * 2000}
            answers = [
                session.post(f"{base}/Users", json=body),
                session.get(f"{base}/Users", params={"filter": f'userName eq "{name}"', "note": "y" * 2000}),
                session.get(f"{base}/Users", params={"count": 10, "cursor": ""}),
            ]
            count += len(answers)
            failed += sum(answer.status_code >= 500 for answer in answers)
    return count, failed, early, resident(pid)


def main(seconds: float = SECONDS, per_second: float = 150) -> int:
    """Serve, load and compare."""
    megabytes = max(1, round(JOURNAL_MB * min(1, seconds / SECONDS)))
    options = ("--spaces", "--port", "0", "--json", "--journal-mb", str(megabytes))
    command = [sys.executable, "-m", "provcheck", "serve", "scim", *options]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        ready = json.loads(server.stdout.readline())["targets"]["scim"]
        count, failed, early, late = load(ready["base_url"], ready["token"], seconds, per_second, server.pid)
    finally:
        server.terminate()
        server.wait(timeout=30)
    growth = late / early
    print(f"{count} requests in {seconds:.0f} s, {failed} of them 5xx; {early} kB, then {late} kB: {growth:.3f}")
    return int(growth > MOST_GROWTH or failed > 0)


if __name__ == "__main__":
    sys.exit(main(*map(float, sys.argv[1:3])))
