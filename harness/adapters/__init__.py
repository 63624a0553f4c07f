"""Drives clients of every kind (object, command, HTTP service, reference) through one interface."""

from provcheck.harness.adapters.connect import TIMEOUT, Subject, connected, is_command
from provcheck.harness.adapters.interface import (
    BrokenContract,
    CallFailed,
    Client,
    ClientMaker,
    GaveUp,
    NoAnswer,
    UnusableClient,
)
from provcheck.harness.adapters.last_words import ClientLog
from provcheck.harness.adapters.reference import ReferenceAdapter

__all__ = [
    "TIMEOUT",
    "BrokenContract",
    "CallFailed",
    "Client",
    "ClientLog",
    "ClientMaker",
    "GaveUp",
    "NoAnswer",
    "ReferenceAdapter",
    "Subject",
    "UnusableClient",
    "connected",
    "is_command",
]
