"""A client that lets out everything it was told: on standard error, in what it says, and as it dies.

`leaking_client.py LINES`: a file with lines to let out. The token that it is given is added to them, and to that file.
"""

import json
import sys
from pathlib import Path

LINES = Path(sys.argv[1])
said = json.loads(LINES.read_text(encoding="utf-8"))
COUNTERS = {"impacted": 5, "success": 5, "unsynced": 0, "partially_synced": 0, "failed": 0}
CAPABILITIES = ["create", "update", "disable", "switches", "summary", "warnings", "orphans", "audit", "resync"]
RESULTS = {
    "describe": {"contract": 1, "name": said[0], "version": "1", "capabilities": CAPABILITIES},
    "summary": {"summary": {"users": COUNTERS, "groups": None}},
    "warnings": {"warnings": said},
    "orphans": {"orphans": said},
    "audit": {"records": []},
}
for line in sys.stdin:
    asked = json.loads(line)
    answer = {"result": RESULTS.get(asked["method"], {})}
    if asked["method"] == "configure":
        token = asked["params"]["connection"]["token"]
        said += [token, f"Bearer {token}"]
        LINES.write_text(json.dumps(said), encoding="utf-8")
    elif asked["method"] == "close":
        sys.stderr.write("\n".join([*said[-4:], said[asked["id"] % len(said)]]) + "\n")
        sys.exit(3)
    elif asked["method"] == "apply" and asked["id"] > 8:
        answer = {"error": {"code": -32000, "message": " ".join(said)}}
    sys.stdout.write(json.dumps({"jsonrpc": "2.0", "id": asked["id"], **answer}) + "\n")
    sys.stdout.flush()
