"""One exchange with a target, as a report shows it: who asked what, what was answered, what became of it.

It is cut from the target's journal, which redacts secrets before they are stored; headers are left out altogether.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Excerpt:
    """An exchange.

    `at` is ISO 8601, by the target's clock. `path` is with its query. `status` None: nothing was answered. `answer` is
    what reached the client: complete, lost, truncated, reset, dribbled. `applied` is what became of the change: yes,
    no, partly, later; none for a reading. `faults` are those that struck, `refused_by` the flag that refused it.
    Bodies are cut when they are long, and end in an ellipsis then. `telling`: a finding names this very
    exchange, it went wrong, or it would change something; others stand beside it.
    """

    seq: int
    at: str
    method: str
    path: str
    operation: str
    names: tuple[str, ...]
    status: int | None
    applied: str
    answer: str
    faults: tuple[str, ...] = ()
    refused_by: str | None = None
    request: str = ""
    response: str = ""
    telling: bool = field(default=False, kw_only=True)
