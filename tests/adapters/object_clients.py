"""Clients that are Python objects, most of them wrong in one way."""

from __future__ import annotations

import sys
import threading
from typing import Any

ZEROS = {"impacted": 5, "success": 0, "unsynced": 5, "partially_synced": 0, "failed": 0}


class Well:
    """Does nothing, and says so."""

    capabilities = ("switches", "summary")

    def describe(self, contract: int) -> dict[str, Any]:
        return {"contract": contract, "name": type(self).__name__, "capabilities": list(self.capabilities)}

    def configure(self, connection: dict[str, Any], rule: dict[str, Any], fresh: bool) -> None:
        self.connection = connection

    def apply(self, population: dict[str, Any], changes: dict[str, Any] | None) -> None:
        self.population = population

    def summary(self) -> dict[str, Any]:
        return {"summary": {"users": ZEROS, "groups": None}}

    def close(self) -> None:
        pass


class Raises(Well):
    def apply(self, **_: Any) -> None:
        raise KeyError("first\nsecond")


class Quits(Well):
    def apply(self, **_: Any) -> None:
        sys.exit("good bye")


class Hangs(Well):
    def apply(self, **_: Any) -> None:
        threading.Event().wait(5)


class LacksApply(Well):
    apply = None


class TakesNothing(Well):
    def apply(self) -> None:
        pass


class AnswersWithAnObject(Well):
    def summary(self) -> Any:
        return {"summary": self}


class AnswersWithNothing(Well):
    def summary(self) -> Any:
        return None


class Silent(Well):
    """Reports no summary, and does not offer one."""

    capabilities = ("create", "update", "groups", "memberships", "switches")
    summary = None


class Boasts(Well):
    """Writes nothing, and reports that everybody is in sync."""

    capabilities = ("create", "update", "groups", "memberships", "summary")

    def summary(self) -> dict[str, Any]:
        def all_well(items: list[Any]) -> dict[str, int]:
            return {**ZEROS, "impacted": len(items), "success": len(items), "unsynced": 0}

        return {
            "summary": {
                "users": all_well(self.population["users"]),
                "groups": all_well(self.population["groups"]) if self.connection["supports_groups"] else None,
            }
        }


def not_made() -> Any:
    raise OSError("no licence")


NUMBER = 7
