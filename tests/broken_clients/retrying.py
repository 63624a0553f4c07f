"""Mistakes with errors: not trying again, trying for ever, and believing or doubting the wrong answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from provcheck.harness.adapters import BrokenContract, ReferenceAdapter
from provcheck.harness.client.failures import Trouble
from provcheck.harness.client.outcome import Json, Outcome, Reply, classify
from provcheck.harness.client.plan import UserPlan, plan_users
from provcheck.harness.client.retry import Backoff, Caller, RunStopped
from provcheck.harness.client.state import Base
from provcheck.harness.client.users import Users
from provcheck.harness.model import SyncSummary

from .breaking import Caught, broken


@broken(
    Caller,
    Caught("holds_back_when_limited", "connection", "rate-limit-mid-run"),
    Caught("waits_as_long_as_asked", "connection", "rate-limit-mid-run"),
)
class IgnoresRetryAfter(Caller):
    """After 429 the next request comes when the client feels like it, not when the target asked for it."""

    def hold_as_asked(self, reply: Reply, *, jitter: float = 0.0) -> bool:
        return False


@broken(
    Backoff,
    Caught("holds_back_when_limited", "connection", "rate-limit-without-a-time"),
)
class HammersALimitedTarget(Backoff):
    """A target that says it is too busy, without saying for how long, is asked again at once."""

    def next(self) -> float:
        return 0.0


@broken(
    Caller,
    Caught("counter_as_expected", "users.failed", "server-errors-for-a-moment"),
)
class NeverTriesAgain(Caller):
    """A request that is answered with 503 once has failed."""

    def __init__(self, *parts: Any) -> None:
        super().__init__(*parts)
        self.policy = replace(self.policy, tries=1, throttled_tries=1)


@broken(
    Caller,
    Caught("what_is_refused_is_not_repeated", "ada", "e3-two-groups-users-fail"),
    seen_at="github.com/lightdash/lightdash/issues/24458",
)
class RepeatsWhatIsRefused(Caller):
    """A request that is answered with 400 is sent again and again, unchanged."""

    def once(self, method: str, path: str, document: Json | None) -> Reply:
        for _ in range(20):
            reply = super().once(method, path, document)
            if reply.outcome is not Outcome.REFUSED:
                break
        return reply


@broken(
    classify,
    Caught("orphans_are_told", "orphans", "leaver-is-deleted"),
    seen_at="github.com/Captain-P-Goldfish/SCIM-SDK/pull/519",
)
def takes_204_for_a_failure(method: str, status: int, headers: Any, detail: str) -> Outcome:
    """Only 200 and 201 are a success; 204 is not."""
    return Outcome.REFUSED if status == 204 else classify(method, status, headers, detail)


@broken(classify, Caught("stops_when_refused", "connection", "fault-auth-token-expired-midrun"))
def takes_401_for_a_refusal(method: str, status: int, headers: Any, detail: str) -> Outcome:
    """Refused credentials are taken for the refusal of one request."""
    return Outcome.REFUSED if status == 401 else classify(method, status, headers, detail)


@broken(
    Users,
    Caught("counter_as_expected", "users.success", "target-refuses-update"),
    Caught("success_means_in_sync", "cem", "target-refuses-update"),
)
class KeepsSuccessAfterAFailedUpdate(Users):
    """A user whose update failed is still counted as a Success, because the account is there."""

    def fail(self, user_id: str, reason: str, *, transient: bool) -> None:
        before = self.state.users[user_id].base
        super().fail(user_id, reason, transient=transient)
        if before is Base.SYNCED:
            self.state.users[user_id].base = Base.SYNCED


@broken(
    Users,
    Caught("counter_as_expected", "users.success", "server-errors-that-stay"),
)
class OneFailureEndsTheRun(Users):
    """The first user who fails ends the run; nobody after that user is looked at."""

    stopped = False

    def fail(self, user_id: str, reason: str, *, transient: bool) -> None:
        super().fail(user_id, reason, transient=transient)
        if not self.stopped:
            self.stopped = True
            raise RunStopped(reason)


@broken(
    plan_users,
    Caught("counter_as_expected", "users.failed", "failed-update-heals"),
    Caught("account_as_expected", "cem", "failed-update-heals"),
)
def gives_up_failed_users(state: Any, rule: Any, users: Any, *, full: bool) -> UserPlan:
    """A user who failed once is never tried again, whatever the source says."""
    plan = plan_users(state, rule, users, full=full)
    for user_id, user in state.users.items():
        if user.base is Base.FAILED:
            plan.evaluating.pop(user_id, None)
            plan.changing.pop(user_id, None)
    return plan


@broken(
    Users,
    Caught("client_does_not_fail", "client", "e3-two-groups-users-fail"),
)
class FallsOverARefusal(Users):
    """A request that is refused ends the client with an error."""

    def fail(self, user_id: str, reason: str, *, transient: bool) -> None:
        raise RuntimeError(reason)


@broken(
    Users,
    Caught("requests_as_expected", "ben", "search-fails"),
)
class TakesAFailedSearchForNobody(Users):
    """When the look-up fails, the user is taken to have no account, and one is created."""

    def locate(self, user_id: str, user: Any, wanted: dict[str, Any]) -> Any:
        try:
            return super().locate(user_id, user, wanted)
        except Trouble:
            return None


@broken(
    ReferenceAdapter,
    Caught("client_keeps_the_contract", "client", "e5-create-not-allowed"),
)
class TellsNumbersAsText(ReferenceAdapter):
    """The counters of the summary are texts, which the client contract does not allow."""

    def summary(self) -> SyncSummary | None:
        raise BrokenContract("summary: impacted is '5', which is not a number")


@broken(
    Users,
    Caught("counter_as_implied", "users.success", "joiner"),
    silent=True,
)
class SaysNothingAndCreatesNobody(Users):
    """A client that reports no summary, and whose creates are never sent: the target alone shows it."""

    def create(self, user_id: str, user: Any, wanted: dict[str, Any]) -> None:
        user.base = Base.SYNCED
