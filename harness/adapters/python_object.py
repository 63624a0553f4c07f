"""A client that is a Python object: its methods are those of the contract, with the parameters as keywords.

The factory makes an object for each scenario. A call that hangs cannot be stopped; its thread is abandoned.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from provcheck.harness.adapters.channel import in_time
from provcheck.harness.adapters.interface import BrokenContract, CallFailed, UnusableClient

Factory = Callable[[], object]


def load(spec: str, *, timeout: float) -> Factory:
    """Import the factory `package.module:name`, first from the working directory. Raises UnusableClient."""
    module_name, _, name = spec.partition(":")
    here = str(Path.cwd())
    if here not in sys.path:
        sys.path.insert(0, here)
    try:
        found: object = in_time(timeout, "the import", lambda: importlib.import_module(module_name))
    except (Exception, SystemExit) as error:
        # Any exception of an import means that the client cannot be used.
        raise UnusableClient(f"the client cannot be imported: {_one_line(error)}") from error
    for part in name.split("."):
        if not hasattr(found, part):
            raise UnusableClient(f"the client cannot be used: {module_name} has no {name}")
        found = getattr(found, part)
    if not callable(found):
        raise UnusableClient(f"the client cannot be used: {spec} cannot be called")
    return found


class ObjectChannel:
    """A channel to an object of the factory. Raises UnusableClient if it cannot be made."""

    def __init__(self, factory: Factory, *, timeout: float) -> None:
        self._timeout = timeout
        try:
            self._client = in_time(timeout, "the factory", factory)
        except (Exception, SystemExit) as error:
            # Any exception of the factory means that there is no client.
            raise UnusableClient(f"the client cannot be made: {_one_line(error)}") from error

    def call(self, method: str, params: Mapping[str, Any]) -> object:
        """Call the method of this name. Raises BrokenContract, NoAnswer and CallFailed."""
        act = getattr(self._client, method, None)
        if not callable(act):
            raise BrokenContract(f"it has no method {method}")
        try:
            answer = in_time(self._timeout, method, lambda: act(**params))
        except BrokenContract:
            raise
        except (Exception, SystemExit) as error:
            # An object may signal a failed call by any exception.
            raise CallFailed(_one_line(error)) from error
        return _as_json(method, answer)

    def end(self) -> None:
        """Do nothing: there is no connection."""


def _as_json(method: str, answer: object) -> object:
    try:
        return json.loads(json.dumps({} if answer is None else answer))
    except (TypeError, ValueError, RecursionError) as error:
        raise BrokenContract(f"{method} was answered with what cannot be JSON: {error}") from None


def _one_line(error: BaseException) -> str:
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}" if text else type(error).__name__
