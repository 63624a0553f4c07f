"""A client that behaves until it is asked one thing, and then does what no client should: `rogue.py HOW METHOD`.

It provisions nobody and claims nothing, so it suits a scenario in which nothing is to be done.
"""

import json
import os
import signal
import sys
import time

HOW, METHOD = sys.argv[1:]
ZEROS = {"impacted": 5, "success": 0, "unsynced": 5, "partially_synced": 0, "failed": 0}
RESULTS = {
    "describe": {"contract": 1, "name": "rogue", "version": "1", "capabilities": ["switches", "summary"]},
    "summary": {"summary": {"users": ZEROS, "groups": None}},
}


def say(text):
    sys.stdout.write(text)
    sys.stdout.flush()


def misbehave(number):
    good = {"jsonrpc": "2.0", "id": number}
    if HOW == "hangs":
        time.sleep(60)
    elif HOW == "exits":
        sys.stderr.write("cannot go on\n")
        sys.exit(3)
    elif HOW == "is killed":
        os.kill(os.getpid(), signal.SIGKILL)
    elif HOW == "exits in the middle":
        say('{"jsonrpc": "2.0", "id"')
        sys.exit(0)
    elif HOW == "closes its output":
        os.close(1)
        time.sleep(60)
    elif HOW == "outlives everything":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        time.sleep(60)
    say(
        {
            "greets": "ready to serve\n",
            "says nothing": "\n",
            "answers with a list": "[1, 2]\n",
            "leaves out the version": json.dumps({"id": number, "result": {}}) + "\n",
            "answers another question": json.dumps({**good, "id": 99, "result": {}}) + "\n",
            "answers with both": json.dumps({**good, "result": {}, "error": {"code": 1, "message": "x"}}) + "\n",
            "answers with text": json.dumps({**good, "result": "fine"}) + "\n",
            "goes on and on": "x" * 5000 + "\n",
            "goes too deep": "[" * 100_000 + "\n",
            "is not text": "\udcff\n",
            "fails": json.dumps({**good, "error": {"code": -32000, "message": "out of luck"}}) + "\n",
            "lacks the method": json.dumps({**good, "error": {"code": -32601, "message": "no such method"}}) + "\n",
            "counts in words": json.dumps({**good, "result": {"summary": {"users": {"impacted": "five"}}}}) + "\n",
            "speaks version 2": json.dumps({**good, "result": {**RESULTS["describe"], "contract": 2}}) + "\n",
            "makes up capabilities": json.dumps({**good, "result": {**RESULTS["describe"], "capabilities": ["magic"]}})
            + "\n",
            "refuses": json.dumps({**good, "result": {"refused": "not today"}}) + "\n",
        }[HOW]
    )


def main():
    sys.stdout.reconfigure(errors="surrogateescape")
    for line in sys.stdin:
        request = json.loads(line)
        if request["method"] == METHOD:
            misbehave(request["id"])
            continue
        if HOW == "shouts":
            sys.stderr.write("noise " * 20_000 + "\n")
        say(json.dumps({"jsonrpc": "2.0", "id": request["id"], "result": RESULTS.get(request["method"], {})}) + "\n")


main()
