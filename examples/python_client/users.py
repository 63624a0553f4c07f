"""Users: where each stands, and how it gets there.

A switch of the connection withholds, which is no failure; an error of the target is a failure, and
is never counted as withheld.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from scim import Refused, Scim, patiently
from scim2_models import Email, Name, User

Json = dict[str, Any]


@dataclass
class Line:
    """One user in scope: base, whether a later change was withheld, the account, the source as last evaluated."""

    base: str = "pending"
    stale: bool = False
    account: str | None = None
    seen: Json | None = None

    def settle(self, base: str) -> None:
        """Move to another base."""
        self.base, self.stale = base, False


class Users:
    """The users of one rule."""

    def __init__(self) -> None:
        self.lines: dict[str, Line] = {}
        self.orphans: dict[str, str] = {}

    def sync(self, scope: list[Json], scim: Scim, *, full: bool) -> None:
        """Evaluate whoever changed, or everybody."""
        for user in scope:
            line = self.lines.setdefault(user["id"], Line())
            if full or line.seen != user:
                line.seen = user
                try:
                    self._evaluate_twice(user, line, scim)
                except Refused:
                    line.settle("failed")

    def _evaluate_twice(self, user: Json, line: Line, scim: Scim) -> None:
        try:
            self._evaluate(user, line, scim)
        except Refused as error:
            if error.status != 404:
                raise
            self._evaluate(user, line, scim)  # it was there a moment ago: look again, once

    def _evaluate(self, user: Json, line: Line, scim: Scim) -> None:
        known = scim.read(User, line.account) if line.account else None
        account = known or self._look_up(user, scim)
        line.account = account.id if account else None
        if account:
            self._reconcile(user, line, account, scim)
        elif not scim.connection["create_users"]:
            line.settle("unsynced")
        else:
            self._create(user, line, scim)

    def _look_up(self, user: Json, scim: Scim) -> Any:
        by_email = scim.connection["unique_user_identifier"] == "workEmail"
        found = scim.find_users(user["email" if by_email else "user_name"])
        if len(found) > 1:
            raise Refused(409, f"{len(found)} accounts match {user['user_name']}")
        return found[0] if found else None

    def _create(self, user: Json, line: Line, scim: Scim) -> None:
        """A create that went wrong may have been done all the same: look before trying again."""
        existed = False

        def attempt(number: int) -> Any:
            nonlocal existed
            found = self._look_up(user, scim) if number > 1 else None
            if found is None:
                try:
                    return scim.create(_account(user))
                except Refused as error:
                    found = self._look_up(user, scim) if error.status == 409 else None
                    if found is None:
                        raise
            existed = True
            return found

        account = patiently(attempt)
        line.account = account.id
        if existed:
            self._reconcile(user, line, account, scim)
        else:
            line.settle("synced")

    def _reconcile(self, user: Json, line: Line, account: Any, scim: Scim) -> None:
        may_update, may_disable = scim.connection["update_users"], scim.connection["disable_users"]
        operations = _differences(user, account)
        turns_off = not user["active"] and account.active is not False
        if operations and may_update:
            scim.change(User, account.id, operations)
        if turns_off and may_disable:
            scim.change(User, account.id, _OFF)
        if (operations and not may_update) or (turns_off and not may_disable):
            if line.base == "synced":
                line.stale = True
            else:
                line.settle("linked")
        else:
            line.settle("synced")

    def deprovision(self, scope: list[Json], scim: Scim) -> None:
        """Leavers are in no counter; an account that the target keeps is an orphan, and tried again each time."""
        kept = {user["id"] for user in scope}
        believed = bool(kept) or len(self.lines) < 2  # a source without anybody is more likely broken than meant
        self.orphans = {id: account for id, account in self.orphans.items() if id not in kept}
        for id in self.lines.keys() - kept:
            account = self.lines.pop(id).account
            if believed and account and scim.connection["deprovision_users"]:
                self.orphans[id] = account
        for id, account in list(self.orphans.items()):
            try:
                self._remove(account, scim)
            except Refused as error:
                if error.status != 404:
                    continue
            del self.orphans[id]

    def _remove(self, account: str, scim: Scim) -> None:
        if scim.connection["remove_action"] == "Delete":
            scim.remove(User, account)
            return
        found = scim.read(User, account)
        if found is not None and found.active is not False:
            scim.change(User, account, _OFF)

    def counters(self) -> Json:
        """The user section of the sync summary."""
        lines = self.lines.values()
        count = [line.base for line in lines].count
        stale = sum(line.base == "synced" and line.stale for line in lines)
        return {
            "impacted": len(lines),
            "success": count("synced"),
            "unsynced": count("unsynced"),
            "partially_synced": count("linked") + stale,
            "failed": count("failed"),
        }


_OFF = [{"op": "replace", "path": "active", "value": False}]


def _account(user: Json) -> User:
    """What a source user looks like at the target."""
    return User(
        user_name=user["user_name"],
        external_id=user["external_id"],
        name=Name(given_name=user["given_name"] or None, family_name=user["family_name"] or None),
        display_name=user["display_name"] or None,
        emails=[Email(value=user["email"], type="work", primary=True)] if user["email"] else None,
        active=user["active"],
    )


def _differences(user: Json, account: Any) -> list[Json]:
    """The operations that make an account equal to a user, but for turning it off."""
    name = account.name or Name()
    pairs = {
        "externalId": (user["external_id"], account.external_id),
        "name.givenName": (user["given_name"], name.given_name),
        "name.familyName": (user["family_name"], name.family_name),
        "displayName": (user["display_name"], account.display_name),
    }
    changed = {path: wanted for path, (wanted, have) in pairs.items() if wanted and wanted != have}
    if user["user_name"].casefold() != (account.user_name or "").casefold():
        changed["userName"] = user["user_name"]
    emails = account.emails or []
    if user["email"] and user["email"].casefold() not in [(each.value or "").casefold() for each in emails]:
        others = [{"value": each.value, "type": each.type} for each in emails if each.type != "work"]
        changed["emails"] = [*others, {"value": user["email"], "type": "work", "primary": True}]
    if user["active"] and account.active is False:
        changed["active"] = True
    return [{"op": "replace", "path": path, "value": value} for path, value in changed.items()]
