"""What can go wrong: one small class for each kind of effect.

A new kind is one class in the module of its subject, on the base class that is asked where it acts, and an entry in
`EFFECTS` below. Its fields are then fields of a fault's description, on the command line, in the control API and its
schema, and in the documentation.

| base class | acts on | asked in |
| --- | --- | --- |
| `answers.AnswerEffect` | status, headers and body of the answer, lists (`lists.py`) | `http/answer_faults.py` |
| `connections.ConnectionEffect` | how the answer is sent | `http/answer_faults.py` |
| `changes.StoredEffect`, `MembersEffect` | what is stored in place of what was asked for | `operations/context.py` |
| `directory.DirectoryEffect` | the directory, before the change | `operations/context.py` |
| `directory.AfterwardsEffect` | the directory, after the change | `http/answer_faults.py` |

`Delay` and `Later` have none: nothing else waits or postpones. An effect that takes the place of the answer is also
named in `answers` or `ends_connection` of `faults/fault.py`.
"""

from __future__ import annotations

from provcheck.mock_targets.faults.effects.answers import Body, Headers, RetryAfterDate, RewriteAnswer, Status
from provcheck.mock_targets.faults.effects.changes import Later, Partial, RewriteStored, StoreMembers
from provcheck.mock_targets.faults.effects.connections import Delay, LoseAnswer, Reset, SlowBody, Truncate
from provcheck.mock_targets.faults.effects.directory import HideFor, Race, Vanish
from provcheck.mock_targets.faults.effects.effect import Effect
from provcheck.mock_targets.faults.effects.lists import ListFault

EFFECTS: tuple[type[Effect], ...] = (
    Delay,
    Race,
    Vanish,
    ListFault,
    Partial,
    RewriteStored,
    StoreMembers,
    Later,
    HideFor,
    Status,
    Body,
    RewriteAnswer,
    Headers,
    RetryAfterDate,
    LoseAnswer,
    Reset,
    Truncate,
    SlowBody,
)
"""Every kind, in the order in which those of one fault take effect."""
