"""Drives a client under test, whatever it is: the runner knows no client but through this interface."""

from provcheck.harness.adapters.connect import TIMEOUT, Subject, connected
from provcheck.harness.adapters.interface import (
    BrokenContract,
    CallFailed,
    Client,
    ClientMaker,
    GaveUp,
    NoAnswer,
    UnusableClient,
)
from provcheck.harness.adapters.reference import ReferenceAdapter

__all__ = [
    "TIMEOUT",
    "BrokenContract",
    "CallFailed",
    "Client",
    "ClientMaker",
    "GaveUp",
    "NoAnswer",
    "ReferenceAdapter",
    "Subject",
    "UnusableClient",
    "connected",
]
