"""What can go wrong: one small class for each kind of effect.

Add a kind as one class in the module of its subject, and to `EFFECTS`; its fields are then fields of a fault's
description, on the command line, in the control API and its schema, and in the documentation.
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
