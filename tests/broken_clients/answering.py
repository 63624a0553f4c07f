"""Mistakes with answers: their labels, their length, the time they take, and what they leave out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from provcheck.harness.client.accounts import Accounts
from provcheck.harness.client.chunks import ChunkedWrite, Present
from provcheck.harness.client.connectors.interface import Account
from provcheck.harness.client.connectors.scim import ScimConnector
from provcheck.harness.client.failures import Exhausted, Lost
from provcheck.harness.client.outcome import Json, Reply
from provcheck.harness.client.retry import Caller
from provcheck.harness.client.transport import Transport
from provcheck.harness.client.users import Users

from .breaking import Caught, broken

LONGEST_ANSWER = 5.0
"""Seconds after which an answer is no longer waited for."""


@broken(
    Accounts,
    Caught("account_as_expected", "cem", "fault-create-409-untyped-as-500"),
)
class TakesAFoundAccountForItsOwn(Accounts):
    """An account that is found after a failed create is taken for what was sent, and not compared."""

    def create(self, wanted: Any) -> tuple[Account, bool]:
        account, _ = super().create(wanted)
        return replace(account, document={**account.document, "name": wanted}), True


@broken(
    Transport,
    Caught("account_as_expected", "ada", "fault-header-content-type-refused"),
    Caught("counter_as_expected", "users.failed", "fault-header-content-type-refused"),
)
class InsistsOnItsMediaType(Transport):
    """A target that does not take application/scim+json is sent nothing else."""

    @staticmethod
    def asks_for_another_type(reply: Reply) -> bool:
        return False


@broken(
    Transport,
    Caught("counter_as_expected", "users.failed", "fault-header-content-type"),
)
class GoesByTheLabel(Transport):
    """An answer that is not labelled as JSON is not read."""

    def send(self, method: str, path: str, document: Json | None = None) -> Reply:
        reply = super().send(method, path, document)
        return reply if "json" in reply.header("Content-Type") else replace(reply, document=None)


@broken(
    Transport,
    Caught("counter_as_expected", "users.failed", "fault-header-location-wrong"),
)
class GoesByTheLocation(Transport):
    """What was created is addressed by the end of its Location, not by its id."""

    def send(self, method: str, path: str, document: Json | None = None) -> Reply:
        reply = super().send(method, path, document)
        if reply.status != 201 or not reply.header("Location"):
            return reply
        return replace(reply, document={**(reply.document or {}), "id": reply.header("Location").rpartition("/")[2]})


@broken(
    Caller,
    Caught("requests_as_expected", "cem", "fault-conn-dribble"),
)
class SendsAgainWhatTakesLong(Caller):
    """A write whose answer takes more than a few seconds is sent again."""

    def once(self, method: str, path: str, document: Json | None) -> Reply:
        before = self.clock.monotonic()
        reply = super().once(method, path, document)
        late = reply.ok and self.clock.monotonic() - before > LONGEST_ANSWER
        return super().once(method, path, document) if late else reply


@broken(
    Accounts,
    Caught("counter_as_expected", "users.failed", "lost-answer-on-update"),
)
class TakesALostUpdateForAFailure(Accounts):
    """An update whose answer was lost has failed; nobody looks whether it was made."""

    def update(self, remote_id: str, changes: Mapping[str, Any], told: Mapping[str, Any] | None = None) -> Any:
        try:
            return self.connector.update_account(remote_id, changes, told)
        except Lost as lost:
            raise Exhausted(str(lost)) from None


@broken(
    Users,
    Caught("counter_as_expected", "users.failed", "fault-source-empty-list"),
)
class FindsEverybodyByNameOnAResync(Users):
    """Whoever is evaluated anew is looked for by name, not read by the id of the account."""

    def locate(self, user_id: str, user: Any, wanted: dict[str, Any]) -> Any:
        self.state.unlink(user_id)
        return super().locate(user_id, user, wanted)


@broken(
    Transport,
    Caught("client_does_not_fail", "client", "fault-body-truncated-json"),
)
class FallsOverBrokenJson(Transport):
    """An answer of success that is no JSON ends the client with an error."""

    def send(self, method: str, path: str, document: Json | None = None) -> Reply:
        reply = super().send(method, path, document)
        if reply.status in (200, 201) and reply.document is None:
            raise ValueError("Expecting value: line 1 column 1 (char 0)")
        return reply


@broken(
    ChunkedWrite,
    Caught("counter_as_expected", "groups.failed", "membership-recovers"),
)
class NeverTriesAMembershipAgain(ChunkedWrite):
    """A membership request that is answered with 503 once has failed."""

    def __init__(self, send: Callable[[Sequence[str]], Present], *rest: Any, **more: Any) -> None:
        def at_once(ids: Sequence[str]) -> Present:
            try:
                return send(ids)
            except Lost as lost:
                raise Exhausted(str(lost)) from None

        super().__init__(at_once, *rest, **more)

    def halve(self, ids: Sequence[str], trouble: Any, tries: int) -> None:
        self.failed.update(dict.fromkeys(ids, trouble))

    def verify(self, ids: Sequence[str]) -> None:
        return


@broken(
    Accounts,
    Caught("counter_as_expected", "groups.failed", "fault-body-missing-id"),
)
class TakesTheNameForTheId(Accounts):
    """An account whose create was answered without an id is addressed by its user name."""

    def account_without_id(self, wanted: Any) -> Account:
        return Account(str(wanted["userName"]), {})


@broken(
    ScimConnector,
    Caught("requests_as_expected", "group.create", "group-name-in-another-case"),
)
class MakesARenamedGroupAnew(ScimConnector):
    """A group with a new name is deleted and made anew, even if its name differs in case alone."""

    def rename_group(self, remote_id: str, name: str) -> None:
        self.delete_group(remote_id)
        self.create_group(name, "")


@broken(
    ScimConnector,
    Caught("counter_as_expected", "groups.success", "fault-put-unsupported"),
)
class WritesGroupsByPutAlone(ScimConnector):
    """Groups are replaced whole, and a target that has no PUT of them is never sent a PATCH."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.patches_groups = False
