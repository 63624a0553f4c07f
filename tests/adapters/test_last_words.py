"""What a client process writes to its standard error: kept whole in a file, quoted where a call fails."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from provcheck.harness.adapters.last_words import EXCERPT_CHARACTERS, ClientLog, StandardError, excerpt
from provcheck.harness.cli import main
from provcheck.harness.model import Connection
from tests.adapters.client_rig import PYTHON, findings, rogue

NODE = """\
file:///home/ada/client.mjs:4
  return state.users.map(x => x);
               ^

TypeError: Cannot read properties of undefined (reading 'users')
    at deeper (file:///home/ada/client.mjs:4:16)
    at sync (file:///home/ada/client.mjs:3:19)
    at Interface.<anonymous> (file:///home/ada/client.mjs:7:29)
    at Interface.emit (node:events:524:28)
    at [_onLine] [as _onLine] (node:internal/readline/interface:419:12)
    at async fetch (/home/ada/node_modules/undici/index.js:109:13)

Node.js v20.20.2
"""
NODE_CAUSE = """\
node:internal/deps/undici/undici:13510
      Error.captureStackTrace(err);
            ^

TypeError: fetch failed
    at node:internal/deps/undici/undici:13510:13
    at async send (file:///home/ada/scim.mjs:20:15) {
  [cause]: Error: connect ECONNREFUSED 127.0.0.1:9
      at TCPConnectWrap.afterConnect [as oncomplete] (node:net:1611:16) {
    errno: -111,
  }
}

Node.js v20.20.2
"""
PYTHON_TRACE = """\
Traceback (most recent call last):
  File "/home/ada/client.py", line 12, in <module>
    sync()
  File "/usr/lib/python3.11/json/decoder.py", line 355, in raw_decode
    raise JSONDecodeError("Expecting value", s, err.value) from None
json.decoder.JSONDecodeError: Expecting value: line 1 column 1 (char 0)
"""
JAVA = """\
Exception in thread "main" java.lang.IllegalStateException: no users
\tat org.example.Client.sync(Client.java:31)
\tat org.example.Client.main(Client.java:12)
\tat java.base/java.lang.Thread.run(Thread.java:1583)
"""
GO = """\
panic: runtime error: index out of range [1] with length 1

goroutine 1 [running]:
main.sync(...)
\t/home/ada/client.go:12
main.main()
\t/home/ada/client.go:5 +0x1d
exit status 2
"""


@pytest.mark.parametrize(
    "trace, kept, left_out",
    [
        (NODE, ["TypeError: Cannot read", "client.mjs:4:16"], ["node:internal", "Node.js v", "undici"]),
        (NODE_CAUSE, ["TypeError: fetch failed", "scim.mjs:20:15", "connect ECONNREFUSED"], ["Node.js v", "node:net"]),
        (PYTHON_TRACE, ['"/home/ada/client.py", line 12', "JSONDecodeError: Expecting value"], ["raw_decode"]),
        (JAVA, ["IllegalStateException: no users", "Client.java:31"], ["Thread.run"]),
        (GO, ["panic: runtime error: index out of range", "client.go:12"], ["goroutine", "exit status"]),
    ],
    ids=["node", "node with a cause", "python", "java", "go"],
)
def test_the_excerpt_of_a_stack_trace_is_the_error_and_the_frames_of_the_client(trace, kept, left_out):
    said = excerpt(["starting", *trace.splitlines()])
    assert not [part for part in kept if part not in said], said
    assert not [part for part in left_out if part in said], said


def test_the_excerpt_is_short_whatever_was_written():
    assert len(excerpt(["x" * 10_000] * 500)) <= EXCERPT_CHARACTERS


def test_an_output_of_noise_alone_is_still_quoted():
    assert excerpt(["Node.js v20.20.2"]) == "Node.js v20.20.2"


def test_only_what_was_written_since_the_call_began_explains_an_error_answer():
    said = StandardError(None)
    said.add(b"an old warning\n")
    said.begin_call()
    assert said.words(since_call=True) == ""
    said.add(b"\n")
    said.add(b"users: 503\n")
    assert said.words(since_call=True) == "; its last words: users: 503"


def test_a_log_that_cannot_be_written_neither_blocks_the_client_nor_goes_unsaid():
    log = ClientLog(Path("/dev/full"))
    log.write(b"x\n")
    log.write(b"y\n")
    with pytest.raises(OSError, match="No space left"):
        log.close()


def test_the_log_holds_no_secret_of_the_connection(tmp_path):
    log = ClientLog(tmp_path / "x")
    log.learn(Connection("scim", "x", "http://x", token="abcdefgh", oauth_client_secret="ijklmnop"))
    log.write(b"GET /Users abcdefgh \xff\n")
    log.write(b"client_secret=ijklmnop&password=qrstuvwx\n")
    log.close()
    kept = (tmp_path / "x").read_bytes()
    assert kept.startswith(b"GET /Users [redacted] \xff\n")
    assert not [secret for secret in (b"abcdefgh", b"ijklmnop", b"qrstuvwx") if secret in kept]


def test_an_error_answer_is_quoted_with_what_was_written_about_it(tmp_path):
    client = tmp_path / "client.py"
    client.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    asked = json.loads(line)\n"
        "    answer = {'jsonrpc': '2.0', 'id': asked['id'], 'result': {}}\n"
        "    if asked['method'] == 'describe':\n"
        "        answer['result'] = {'contract': 1, 'name': 'x', 'capabilities': ['switches']}\n"
        "    if asked['method'] == 'apply':\n"
        "        print('503 from the target', file=sys.stderr, flush=True)\n"
        "        answer = {'jsonrpc': '2.0', 'id': asked['id'], 'error': {'code': 1, 'message': 'out of luck'}}\n"
        "    print(json.dumps(answer), flush=True)\n"
    )
    (found,) = findings(f"{PYTHON} {client}")
    assert found.seen == "sync: error 1: out of luck; its last words: 503 from the target"


def test_the_whole_standard_error_is_kept_under_the_heading_of_its_case(tmp_path):
    log = tmp_path / "client.log"
    chosen = ["--target", "scim+", "--scenario", "e5", "--client", rogue("shouts", "never")]
    assert CliRunner().invoke(main, ["check", *chosen, "--client-log", str(log)]).exit_code == 0
    kept = log.read_text()
    assert kept.count("noise " * 20_000 + "\n") > 4
    assert "\n== e5-create-not-allowed on scim\n" in kept


def test_every_report_quotes_the_last_words(tmp_path):
    chosen = ["--target", "scim+", "--scenario", "e5", "--client", rogue("exits", "apply")]
    kinds = ("jsonl", "junit", "markdown", "html", "annotations")
    reports = [f"--report={kind}={tmp_path / kind}" for kind in kinds]
    result = CliRunner().invoke(main, ["check", *chosen, *reports, "--report", "console"])
    assert "cannot go on" in result.output
    assert not [kind for kind in kinds if "cannot go on" not in (tmp_path / kind).read_text()]


@pytest.mark.parametrize("client", [[], ["--client", "reference"], ["--client", "http://127.0.0.1:9"]])
def test_a_log_needs_a_client_that_is_a_command(tmp_path, client):
    result = CliRunner().invoke(main, ["check", *client, "--client-log", str(tmp_path / "x")])
    assert result.exit_code == 2
    assert "a client that is a command" in result.stderr
    assert not (tmp_path / "x").exists()
