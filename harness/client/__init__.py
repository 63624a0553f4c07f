"""The reference provisioning client: a real one, on requests, that has to be right in every scenario.

It shares no code with the mock targets and none with the oracle that judges it. Its parts (Run, Users, Accounts,
Groups, Memberships, ChunkedWrite, Caller, Search, the connectors) are written to be subclassed: each decision is a
public method, and what it works with a public attribute.
"""

from __future__ import annotations

from provcheck.harness.client.reference import ReferenceClient
from provcheck.harness.client.retry import RetryPolicy
from provcheck.harness.client.store import BadState, StateStore

__all__ = ["BadState", "ReferenceClient", "RetryPolicy", "StateStore"]
