"""A run in which everything that a client, a target or a scenario can name is an attack on whoever reads the report."""

from __future__ import annotations

from provcheck.harness.model import (
    After,
    CaseFinished,
    CaseStarted,
    CheckpointReached,
    Counters,
    Event,
    Finding,
    RunFinished,
    RunStarted,
    SetFlags,
    StepTaken,
    SyncSummary,
)
from provcheck.harness.model.event import RequestsLinted
from provcheck.harness.model.excerpt import Excerpt
from tests.report.recorded_run import NOON

RUNNER_COMMANDS = (
    "::add-mask::x",
    "  ::Set-Output name=a::b",
    "a\n \t::stop-commands::x",
    "\u00a0::warning file=a.py::x",
    "##[group]x",
    "a ##[error]x",
    "\n ##vso[task.setvariable variable=a]b",
    "wrapped anywhere ::error::x ::error::y ::notice title=a::z",
)
"""What GitHub's runner, or that of Azure Pipelines, takes for a command."""
PAYLOADS = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "'-alert(1)-'",
    "</style><script>alert(1)</script>",
    "</details></code></pre></table><iframe src=//evil.example>",
    "javascript:alert(1)",
    "{{ 7 * 7 }}{% raw %}",
    "[click](javascript:alert(1)) ![x](http://evil.example/x.png)",
    "` `` | @everyone #1 \n\n# heading\n- list\n\n```\n<b>",
    "http://evil.example/ www.evil.example :+1: $x^2$ ~~gone~~ *bold* _em_ <!-- -->",
    "&lt;script&gt; &#60;b&#62; &amp;",
    "\x00\x1b[2J\u202e\ud800\ufeff",
    "::error::x %0A %25",
    *RUNNER_COMMANDS,
    'https://x.example/"onmouseover=alert(1)//',
)


def hostile(text: str, *, source: str = "") -> list[Event]:
    """A run with a text in every field."""
    finding = Finding(text, text, text, text, text, source or text, (1,), fix=text)
    exchange = Excerpt(1, text, text, text, text, (text,), 400, text, text, (text,), text, text, text, telling=True)
    wanted = After(users={"failed": 1}, warnings=text, refused=text, note=text)
    seen = SyncSummary(Counters(5, 0, 5, 0, 0), Counters(2, 2))
    return [
        RunStarted(NOON, text, 2),
        CaseStarted(text, text, text, text, source or text, text),
        StepTaken(text, text, 1, SetFlags({text: text})),
        CheckpointReached(text, text, 1, seen, wanted, text, (text,), (text,), (text,), text),
        RequestsLinted(text, text, (finding,)),
        CaseFinished(text, text, "findings", (finding, finding), exchanges=(exchange,)),
        CaseStarted(text, f"{text}2", text, text, text, text),
        CaseFinished(text, f"{text}2", "error", (), text),
        RunFinished(NOON, 0, 1, 0, 1, 1.0),
    ]
