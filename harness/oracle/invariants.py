"""Every invariant of generated scenarios."""

from __future__ import annotations

from provcheck.harness.oracle import proof_invariants, rest_invariants

INVARIANTS = (*rest_invariants.INVARIANTS, *proof_invariants.INVARIANTS)
