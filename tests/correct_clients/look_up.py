"""Looks each user up with a filter, and patches the attributes that differ."""

from __future__ import annotations

import json
from typing import Any

from tests.correct_clients.client import Client
from tests.correct_clients.people import People
from tests.correct_clients.selection import ENTERPRISE, EXTENDED, read, same
from tests.correct_clients.teams import PATCH_OP, Teams
from tests.correct_clients.wire import at

Json = dict[str, Any]


def escaped(value: str) -> str:
    """Text as it stands inside the quotes of a filter."""
    return json.dumps(value, ensure_ascii=False)[1:-1]


class LookedUpPeople(People):
    """Accounts are found by filter."""

    retries_refusals = False

    def find(self, wanted: Json) -> list[Json]:
        """Those whom the filter finds, and who truly have the identifier."""
        word = "email" if self.connection["unique_user_identifier"] == "workEmail" else "userName"
        query = self.connection["user_filter"].replace("%s", escaped(wanted[word]))
        rows = self.wire.ask("GET", self.path, filter=query).get("Resources") or []
        return [each for each in rows if same(word, read(each)[word], wanted[word])]

    def change(self, account: Json, words: Json, wanted: Json) -> Json:
        """Patch these words."""
        operations = [self._operation(account, word, value) for word, value in words.items()]
        body = {"schemas": [PATCH_OP], "Operations": operations}
        return self.wire.ask("PATCH", at(self.path, account["id"]), body)

    def _operation(self, account: Json, word: str, value: Any) -> Json:
        paths = {"givenName": "name.givenName", "familyName": "name.familyName"}
        path = f"{ENTERPRISE['2.0']}:{word}" if word in EXTENDED else paths.get(word, word)
        if word == "email":
            path = "emails"
            mails = [dict(each) for each in account.get("emails") or []]
            first = next((each for each in mails if each.get("primary")), mails[0] if mails else None)
            if value == "":
                mails = [each for each in mails if each is not first]
                return {"op": "replace", "path": path, "value": mails} if mails else {"op": "remove", "path": path}
            if first is None:
                mails.append({"value": value, "type": "work", "primary": True})
            else:
                first["value"] = value
            return {"op": "replace", "path": path, "value": mails}
        return {"op": "remove", "path": path} if value == "" else {"op": "replace", "path": path, "value": value}


class LookedUpTeams(Teams):
    """Groups are found by filter, and patched."""

    def find(self, name: str, *, again: bool) -> list[Json]:
        """The groups of this name."""
        rows = self.wire.ask("GET", self.path, filter=f'displayName eq "{escaped(name)}"').get("Resources") or []
        return [each for each in rows if str(each.get("displayName")).casefold() == name.casefold()]


class LookUp(Client):
    """The client."""

    name = "look up"
    people_in, teams_in = LookedUpPeople, LookedUpTeams


def make() -> LookUp:
    """A client for one scenario."""
    return LookUp()
