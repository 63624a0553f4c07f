"""Users: how each one stands, and what is written for them. How accounts are found and written is a subclass's own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.correct_clients.selection import differing, read, same, written
from tests.correct_clients.wire import Ended, Refused, Unsure, Wire, at

Json = dict[str, Any]
LOOKS = 5
"""Times that a create which is unsure is looked up, or an accepted one waited for."""
PAUSE = 0.2
"""Seconds before the second look; each further pause is twice as long."""
PASSING = (0, 401, 408, 425, 429, 500, 502, 503, 504)
GONE = (404, 410)


class Ambiguous(Exception):
    """More than one account matches."""


@dataclass
class Line:
    """How a user stands. `seen` is what the last evaluation wanted, `id` the account."""

    id: str | None = None
    base: str = "pending"
    stale: bool = False
    seen: Json | None = None
    passing: bool = False
    echoes: dict[str, list[Any]] = field(default_factory=dict)


class People:
    """The user half of a client. Subclasses say how to `find`, `fetch` and `change` an account."""

    retries_refusals = True
    """Whether what the target refused for good is tried once more in the next run."""

    def __init__(self, wire: Wire, connection: Json, lines: dict[str, Line], orphans: dict[str, str]) -> None:
        self.wire, self.connection, self.lines, self.orphans = wire, connection, lines, orphans
        self.version = connection["scim_version"]
        self.path = connection["users_resource"]

    # what a style is made of

    def begin(self) -> None:
        """A run begins in which somebody is to be evaluated."""

    def find(self, wanted: Json) -> list[Json]:
        """The accounts that match a user, by the connection's identifier."""
        raise NotImplementedError

    def fetch(self, id: str) -> Json | None:
        """The account of this id."""
        try:
            return self.wire.ask("GET", at(self.path, id))
        except Refused as error:
            if error.status in GONE:
                return None
            raise

    def change(self, account: Json, words: Json, wanted: Json) -> Json:
        """Write these words on an account; `wanted` are all that it shall hold."""
        raise NotImplementedError

    # what all have in common

    def sync(self, wanted: dict[str, Json], *, full: bool) -> None:
        """Bring the accounts of these users in line."""
        for id in wanted:
            self.lines.setdefault(id, Line())
        due = {id: words for id, words in wanted.items() if full or self._is_due(self.lines[id], words)}
        if not due:
            return
        try:
            self.begin()
            failed = None
        except Refused as error:
            failed = error
        except Ended:
            for id in due:
                self.lines[id].base, self.lines[id].passing = "failed", True
            raise
        for n, (id, words) in enumerate(due.items()):
            try:
                self._attempt(self.lines[id], words, full=full, failed=failed)
            except Ended:
                for other in list(due)[n:]:
                    self.lines[other].base, self.lines[other].passing = "failed", True
                raise

    def _attempt(self, line: Line, words: Json, *, full: bool, failed: Refused | None = None) -> None:
        """Evaluate one user; `failed`: it is known already that this cannot be done. Raises Ended."""
        line.seen, was = words, line.base
        if full:
            line.stale = False
        try:
            if failed is not None:
                raise failed
            self._evaluate(line, words, fresh=full or was != "synced")
        except (Refused, Ambiguous) as error:
            line.base, line.stale = "failed", False
            status = getattr(error, "status", 409)
            line.passing = status in (0, 401, 408, 425, 429) or status >= 500 or self.retries_refusals

    def _is_due(self, line: Line, words: Json) -> bool:
        return line.seen != words or (line.base == "failed" and line.passing)

    def _evaluate(self, line: Line, words: Json, *, fresh: bool) -> None:
        account = self.fetch(line.id) if line.id else None
        if account is None:
            line.id = None
            account = self._match(words)
            self._is_free(account, line)
        if account is None:
            if not self.connection["create_users"]:
                line.base, line.stale = "unsynced", False
                return
            account, made = self._create(words)
            self._is_free(account, line)
            line.id = account["id"]
            if made:
                self._note_echoes(line, words, account)
                line.base, line.stale = "synced", False
                return
        line.id = account["id"]
        try:
            self._reconcile(line, words, account, fresh=fresh)
        except Refused as error:
            if error.status == 409 and not [each for each in self.find(words) if each["id"] != account["id"]]:
                # Nobody else has the name: the conflict was not true, or is over.
                self._reconcile(line, words, self._read_anew(account["id"]) or account, fresh=fresh)
            elif error.status in GONE:
                self._missing(line, words, account["id"], fresh=fresh)
            else:
                raise

    def forget(self, id: str) -> None:
        """The account of this id is gone."""

    def _missing(self, line: Line, words: Json, id: str, *, fresh: bool) -> None:
        """The account was not found when it was to be changed: for a moment, or for good."""
        self.wire.pause(PAUSE)
        account = self._read_anew(id)
        if account is not None:
            self._reconcile(line, words, account, fresh=fresh)
        elif not self.connection["create_users"]:
            line.id, line.base, line.stale = None, "unsynced", False
        else:
            account, made = self._create(words)
            line.id, line.base, line.stale = account["id"], "synced", False
            if not made:
                self._reconcile(line, words, account, fresh=True)

    def _read_anew(self, id: str) -> Json | None:
        self.forget(id)
        return self.fetch(id)

    def _match(self, words: Json) -> Json | None:
        found = {account["id"]: account for account in self.find(words)}
        if len(found) > 1:
            raise Ambiguous(f"{len(found)} accounts match {words.get('userName')}")
        return next(iter(found.values()), None)

    def _is_free(self, account: Json | None, line: Line) -> None:
        """Nobody gets the account of somebody else. Raises Ambiguous."""
        others = (each.id for each in self.lines.values() if each is not line)
        if account is not None and account["id"] in others:
            raise Ambiguous(f"the account {account['id']} is somebody else's")

    def _create(self, words: Json) -> tuple[Json, bool]:
        """The account of a user, and whether it was made here as wanted (else it is to be compared)."""
        document = written({}, {word: value for word, value in words.items() if value != ""}, self.version)
        for attempt in range(1, LOOKS + 1):
            try:
                made = self.wire.ask("POST", self.path, document)
                if made.get("id"):
                    return made, True
                error: Refused = Unsure(self.wire.status, "the answer has no id")
            except Refused as refused:
                error = refused
            if not isinstance(error, Unsure) and error.status not in (409, 408, 429):
                raise error
            waits = error.status in (202, 409)
            for look in range(LOOKS if waits else 1):
                if (found := self._look_again(words)) is not None:
                    return found, False
                self.wire.pause(PAUSE * 2 ** (look if waits else attempt - 1))
            if error.status == 409 or attempt == LOOKS:
                raise error
        raise AssertionError("the loop ends by itself")

    def _look_again(self, words: Json) -> Json | None:
        return self._match(words)

    def _reconcile(self, line: Line, words: Json, account: Json, *, fresh: bool) -> None:
        have = read(account)
        if self.connection["kind"] == "slack":
            # What Slack keeps of it is documented to stay as it was, whatever is sent.
            words = {word: value for word, value in words.items() if word != "externalId"}
        changes = differing(words, have, line.echoes)
        allowed = {word: value for word, value in changes.items() if self._may(word, words)}
        left = set(changes) - set(allowed)
        if allowed:
            answer = self.change(account, allowed, words)
            left |= self._kept_back(line, allowed, have, answer, account["id"])
        if not left:
            line.base, line.stale = "synced", False
        elif fresh:
            line.base, line.stale = "linked", False
        else:
            line.stale = True

    def _may(self, word: str, words: Json) -> bool:
        off = word == "active" and words["active"] is False
        return bool(self.connection["disable_users" if off else "update_users"])

    def _kept_back(self, line: Line, sent: Json, before: Json, answer: Json, id: str) -> set[str]:
        """The words that the target said yes to and did not take."""
        if not answer.get("id"):
            answer = self.fetch(id) or {}
        now = read(answer)
        ignored = set()
        for word, value in sent.items():
            if same(word, now[word], value):
                line.echoes.pop(word, None)
            elif same(word, now[word], before[word]):
                ignored.add(word)
            else:
                line.echoes[word] = [value, now[word]]
        if ignored and (fresh := self.fetch(id)):
            now = read(fresh)
            ignored = {word for word in ignored if not same(word, now[word], sent[word])}
        return ignored

    def _note_echoes(self, line: Line, words: Json, account: Json) -> None:
        have = read(account)
        for word, value in words.items():
            if value != "" and have[word] != "" and not same(word, have[word], value):
                line.echoes[word] = [value, have[word]]

    def leave(self, wanted: dict[str, Json]) -> None:
        """Deprovision who is no longer wanted. Who was wanted again is no orphan."""
        for id in [id for id in self.orphans if id in wanted]:
            del self.orphans[id]
        for id in [id for id in self.lines if id not in wanted]:
            line = self.lines.pop(id)
            if line.id and self.connection["deprovision_users"]:
                self.orphans[id] = line.id
        held = {line.id for line in self.lines.values()}
        for id, account in list(self.orphans.items()):
            if account in held:  # somebody else's by now
                del self.orphans[id]
                continue
            try:
                self._deprovision(account)
            except Refused as error:
                if error.status not in GONE:
                    continue
            del self.orphans[id]

    def _deprovision(self, id: str) -> None:
        if self.connection["remove_action"] == "Delete":
            self.wire.ask("DELETE", at(self.path, id))
            self.forget(id)
            return
        account = self.fetch(id)
        if account is not None and read(account)["active"]:
            answer = self.change(account, {"active": False}, {})
            shown = answer if "userName" in answer else self.fetch(id)  # an answer may hold the id alone
            if shown is not None and read(shown)["active"]:
                raise Refused(200, "the account is still on")

    def counters(self) -> Json:
        """The user section."""
        bases = [line.base for line in self.lines.values()]
        stale = sum(line.base == "synced" and line.stale for line in self.lines.values())
        return {
            "impacted": len(bases),
            "success": bases.count("synced"),
            "unsynced": bases.count("unsynced"),
            "partially_synced": bases.count("linked") + stale,
            "failed": bases.count("failed"),
        }
