"""The managers of users: a user name at the source, the id of an account at the target.

A manager without an account waits, like a membership, and is no error: it is written once there is an account.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any

from provcheck.harness.client.state import Base, SyncState, UserState
from provcheck.harness.model.population import SourceUser


class Managers:
    """Who is whose manager in one run."""

    def __init__(self, state: SyncState) -> None:
        self._state = state
        self._ids: dict[str, str] = {}

    def begin(self, users: Iterable[SourceUser]) -> None:
        """The users whom the rule selects: managers are among them."""
        self._ids = {user.user_name.casefold(): user.id for user in users}

    def resolved(self, wanted: dict[str, Any]) -> dict[str, Any]:
        """What is wanted with the manager's remote id in the place of the name; without a manager who has none."""
        if "manager" not in wanted:
            return wanted
        manager = self._state.users.get(self._ids.get(wanted["manager"].casefold(), ""))
        found = {} if manager is None or manager.remote_id is None else {"manager": manager.remote_id}
        return {**{word: value for word, value in wanted.items() if word != "manager"}, **found}

    def waits(self, wanted: dict[str, Any]) -> bool:
        """Whether the manager has no account yet."""
        return "manager" in wanted and "manager" not in self.resolved(wanted)

    def due(self, moved: Collection[str]) -> Iterator[tuple[str, UserState, str]]:
        """Linked users whose manager has got an account (`moved`: another one) since they were written, with its id."""
        for user_id, user in self._state.users.items():
            manager = self._ids.get(user.wanted.get("manager", "").casefold())
            if manager is None or user.base is not Base.SYNCED or not (user.awaits_manager or manager in moved):
                continue
            user.awaits_manager = self.waits(user.wanted)
            if not user.awaits_manager:
                yield user_id, user, self.resolved(user.wanted)["manager"]
