"""Mistakes in clients of another style than the reference client: those that look up, and those that list and replace.

Each was first put into a correct client and then missed by every scenario there was.
"""

from __future__ import annotations

from typing import Any

from tests.correct_clients.client import Client
from tests.correct_clients.list_and_diff import ListAndDiff, ListedPeople, ListedTeams
from tests.correct_clients.look_up import LookedUpPeople, LookUp
from tests.correct_clients.people import Line
from tests.correct_clients.wire import Wire

from .breaking import Caught, broken

Json = dict[str, Any]
NAMES = ("givenName", "familyName", "displayName")


class _NamesStay(LookedUpPeople):
    def _reconcile(self, line: Line, words: Json, account: Json, *, fresh: bool) -> None:
        kept = {word: value for word, value in words.items() if value != "" or word not in NAMES}
        super()._reconcile(line, kept, account, fresh=fresh)


@broken(
    Client,
    Caught("success_means_in_sync", "ada", "given-name-cleared"),
    Caught("success_means_in_sync", "ada", "family-name-cleared"),
    Caught("success_means_in_sync", "ada", "display-name-cleared"),
    Caught("success_means_in_sync", "ada", "names-cleared-at-once"),
)
class NeverClearsNames(LookUp):
    """A name that is gone at the source stays at the target."""

    people_in = _NamesStay


class _EmailsStay(LookedUpPeople):
    def _reconcile(self, line: Line, words: Json, account: Json, *, fresh: bool) -> None:
        if words.get("email") == "":
            words = {word: value for word, value in words.items() if word != "email"}
        super()._reconcile(line, words, account, fresh=fresh)


@broken(Client, Caught("success_means_in_sync", "ada", "e-mail-address-cleared"))
class NeverClearsAnEmailAddress(LookUp):
    """An e-mail address that is gone at the source stays at the target."""

    people_in = _EmailsStay


class _Placeholders(LookedUpPeople):
    def sync(self, wanted: dict[str, Json], *, full: bool) -> None:
        super().sync(
            {id: {k: "-" if v == "" else v for k, v in words.items()} for id, words in wanted.items()}, full=full
        )


@broken(Client, Caught("account_as_expected", "ada", "everything-cleared-at-once"))
class WritesAPlaceholder(LookUp):
    """A sign is written in the place of a value that the source does not have."""

    people_in = _Placeholders


class _FirstEmail(LookedUpPeople):
    def _operation(self, account: Json, word: str, value: Any) -> Json:
        if word != "email" or not account.get("emails"):
            return super()._operation(account, word, value)
        first, *others = account["emails"]
        return {"op": "replace", "path": "emails", "value": [{**first, "value": value}, *others]}


@broken(Client, Caught("account_as_expected", "ben", "email-changes-in-its-place"))
class ChangesTheFirstEmailAddress(LookUp):
    """The first e-mail address of an account is changed, whichever is the primary one."""

    people_in = _FirstEmail


class _FirstPage(ListedTeams):
    def begin(self) -> None:
        rows = self.wire.ask("GET", self.path, startIndex=1, count=100).get("Resources") or []
        self._there = {each["id"]: each for each in rows}


@broken(Client, Caught("group_as_expected", "Eve", "groups-in-short-pages"))
class ReadsTheFirstPageOfGroupsOnly(ListAndDiff):
    """All pages of the accounts are read, but of the groups the first one alone."""

    teams_in = _FirstPage


class _ListedOnce(ListedPeople):
    def begin(self) -> None:
        if not hasattr(self, "_there"):
            super().begin()


@broken(
    Client,
    Caught("counter_as_expected", "users.success", "restart-with-a-list-out-of-date"),
)
class KeepsItsListOverARestart(ListAndDiff):
    """Accounts are listed once; later runs, also after a restart, go by what was listed then."""

    people_in = _ListedOnce
    people: _ListedOnce

    def restart(self) -> None:
        before = getattr(self, "people", None)
        super().restart()
        if before is not None and hasattr(before, "_there"):
            self.people._there = before._there


class _Remembered(ListedTeams):
    known: dict[str, Json]

    def fetch(self, id: str, *, new: bool = False) -> Json | None:
        return self.known[id] if id in self.known else super().fetch(id, new=new)

    def put(self, document: Json) -> None:
        super().put(document)
        self.known[document["id"]] = document


@broken(Client, Caught("group_as_expected", "Red", "restart-with-a-group-out-of-date"))
class ReplacesGroupsFromMemory(ListAndDiff):
    """A group is replaced with what was last written, kept over restarts, and a change to it."""

    teams_in = _Remembered
    teams: _Remembered

    def restart(self) -> None:
        before = getattr(self, "teams", None)
        super().restart()
        self.teams.known = before.known if before is not None else {}


class _Versioned(Wire):
    versions: dict[str, str]

    def _once(self, method: str, path: str, body: Json | None, query: Json) -> Json:
        version = self.versions.get(path) if method in ("PUT", "PATCH") else None
        if version:
            self._session.headers["If-Match"] = version
        try:
            answer = super()._once(method, path, body, query)
        finally:
            self._session.headers.pop("If-Match", None)
        if method != "GET" and answer.get("id"):
            own = path if method != "POST" else f"{path}/{answer['id']}"
            self.versions[own] = str((answer.get("meta") or {}).get("version") or "")
        return answer


@broken(Client, Caught("counter_as_expected", "users.success", "restart-with-a-version-out-of-date"))
class BelievesOldVersions(LookUp):
    """Writes name the version that the last write was answered with, and a refusal for an older one is final."""

    wire = _Versioned

    def restart(self) -> None:
        before = getattr(self, "people", None)
        super().restart()
        self.people.wire.versions = before.wire.versions if before is not None else {}


class _FailedStay(LookedUpPeople):
    def leave(self, wanted: dict[str, Json]) -> None:
        for id in [id for id, line in self.lines.items() if id not in wanted and line.base != "synced"]:
            del self.lines[id]
        super().leave(wanted)


@broken(Client, Caught("account_as_expected", "eve", "leaver-who-had-failed-is-disabled"))
class LeavesFailedAccountsOn(LookUp):
    """A leaver who was Failed is forgotten, and the account stays on."""

    people_in = _FailedStay
