"""Lists everybody once a run, compares, and replaces whole resources with PUT."""

from __future__ import annotations

from typing import Any

from tests.correct_clients.client import Client
from tests.correct_clients.people import People
from tests.correct_clients.selection import read, same, written
from tests.correct_clients.teams import Teams
from tests.correct_clients.wire import Wire, at

Json = dict[str, Any]
PAGE = 100


def everything(wire: Wire, path: str) -> dict[str, Json]:
    """All resources by id, read until a page brings nothing new; read once more if the total says otherwise."""
    found: dict[str, Json] = {}
    for _ in range(2):
        start, total = 1, 0
        while True:
            page = wire.ask("GET", path, startIndex=start, count=PAGE)
            rows = [each for each in page.get("Resources") or [] if isinstance(each, dict) and each.get("id")]
            total = int(page.get("totalResults") or 0)
            news = [each for each in rows if each["id"] not in found]
            found.update((each["id"], each) for each in rows)
            start += len(rows)
            if not rows or (not news and start > total):
                break
            if start > total and len(rows) >= PAGE:
                break
        if len(found) >= total:
            return found
    return found


class ListedPeople(People):
    """Accounts are found in the list of this run."""

    def begin(self) -> None:
        """List everybody."""
        self._there = everything(self.wire, self.path)

    def find(self, wanted: Json) -> list[Json]:
        """Those in the list who have the identifier."""
        word = "email" if self.connection["unique_user_identifier"] == "workEmail" else "userName"
        return [each for each in self._there.values() if same(word, read(each)[word], wanted[word])]

    def fetch(self, id: str) -> Json | None:
        """The account in the list; who is not in it is asked for once more."""
        there = getattr(self, "_there", {}).get(id)
        return there if there is not None else super().fetch(id)

    def forget(self, id: str) -> None:
        """The account of this id is gone."""
        getattr(self, "_there", {}).pop(id, None)

    def change(self, account: Json, words: Json, wanted: Json) -> Json:
        """Replace the account with itself and these words; what it holds in a form of the target's is put right."""
        if self.connection["update_users"]:
            kept = {word: value for word, value in wanted.items() if value != "" and word != "active"}
            words = {**kept, **words}
        document = written(account, words, self.version)
        document.pop("meta", None)
        if self.connection["kind"] == "slack" and "userName" in words:
            document.pop("nickName", None)  # the two are one name there
        document.pop("groups", None)
        answer = self.wire.ask("PUT", at(self.path, account["id"]), document)
        self.forget(account["id"])
        return answer

    def _look_again(self, words: Json) -> Json | None:
        self.begin()
        return super()._look_again(words)


class ListedTeams(Teams):
    """Groups are found in the list of this run, and replaced whole."""

    writes_whole = True

    def begin(self) -> None:
        """List all groups."""
        self._there = everything(self.wire, self.path)

    def find(self, name: str, *, again: bool) -> list[Json]:
        """The groups of this name in the list, which is read again where it is not new enough."""
        if again:
            self.begin()
        return [each for each in self._there.values() if str(each.get("displayName")).casefold() == name.casefold()]


class ListAndDiff(Client):
    """The client."""

    name = "list and diff"
    people_in, teams_in = ListedPeople, ListedTeams
    more = ("no_filters", "scim_1_1")


def make() -> ListAndDiff:
    """A client for one scenario."""
    return ListAndDiff()
