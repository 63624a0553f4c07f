"""The reference provisioning client: a real one, on requests, that has to be right in every scenario.

The rule to know: it shares no code with the mock targets and none with the oracle that judges it.
"""

from __future__ import annotations

from harness.client.reference import ReferenceClient
from harness.client.retry import RetryPolicy
from harness.client.store import BadState, StateStore

__all__ = ["BadState", "ReferenceClient", "RetryPolicy", "StateStore"]
