"""Drives a client under test, whatever it is: the runner knows no client but through this interface."""

from harness.adapters.interface import Client, ClientMaker
from harness.adapters.reference import ReferenceAdapter

__all__ = ["Client", "ClientMaker", "ReferenceAdapter"]
