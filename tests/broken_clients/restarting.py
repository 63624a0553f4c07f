"""Mistakes with what has to survive a restart: each of these clients stores everything but one thing."""

from __future__ import annotations

from dataclasses import replace

from provcheck.harness.adapters import ReferenceAdapter
from provcheck.harness.client.state import Base, GroupState, SyncState, UserState
from provcheck.harness.client.store import StateStore
from provcheck.harness.model import Connection, Population, Rule

from .breaking import Caught, broken


class Forgetful(StateStore):
    """A store that loses a part of each user and group, or of the whole."""

    def load(self) -> SyncState:
        state = super().load()
        for user in state.users.values():
            self.of_user(user)
        for group in (*state.groups.values(), *state.departed.values()):
            self.of_group(group)
        self.of_all(state)
        return state

    def of_user(self, user: UserState) -> None:
        """Lose something about a user."""

    def of_group(self, group: GroupState) -> None:
        """Lose something about a group."""

    def of_all(self, state: SyncState) -> None:
        """Lose something else."""


@broken(
    StateStore,
    Caught("counter_as_expected", "users.failed", "restart-keeps-refused-users"),
)
class ForgetsWhoFailed(Forgetful):
    """After a restart users who were Failed are taken to be a Success."""

    def of_user(self, user: UserState) -> None:
        user.base = Base.SYNCED if user.base is Base.FAILED else user.base


@broken(
    StateStore,
    Caught("counter_as_expected", "users.success", "restart-keeps-what-to-try-again"),
    Caught("account_as_expected", "cem", "restart-keeps-an-update-to-try-again"),
)
class ForgetsWhomToTryAgain(Forgetful):
    """After a restart whoever failed over a passing error is not tried again."""

    def of_user(self, user: UserState) -> None:
        user.retry = False


@broken(
    StateStore,
    Caught("requests_as_expected", "*", "restart-twice"),
)
class WritesEverythingAfterARestart(Forgetful):
    """After a restart nothing is known of what was written, and all of it is written again."""

    def of_user(self, user: UserState) -> None:
        user.written, user.wanted = {}, {}


@broken(
    StateStore,
    Caught("counter_as_expected", "users.success", "restart-keeps-the-summary"),
)
class ForgetsTheSummary(Forgetful):
    """After a restart nobody is counted before the next sync."""

    def of_user(self, user: UserState) -> None:
        user.base = Base.PENDING


@broken(
    StateStore,
    Caught("counter_as_expected", "users.unsynced", "restart-keeps-unsynced"),
)
class ForgetsUnsyncedUsers(Forgetful):
    """After a restart users who are Unsynced have no state at all until they change."""

    def of_user(self, user: UserState) -> None:
        user.base = Base.SYNCED if user.base is Base.UNSYNCED else user.base


@broken(
    StateStore,
    Caught("counter_as_expected", "users.success", "restart-keeps-users-who-were-never-synced"),
)
class TakesLinkedForSynced(Forgetful):
    """After a restart a user who was never fully synced counts as one who was."""

    def of_user(self, user: UserState) -> None:
        if user.base is Base.LINKED:
            user.base, user.stale = Base.SYNCED, True


@broken(
    StateStore,
    Caught("account_as_expected", "cem", "restart-keeps-withheld-changes"),
)
class ForgetsWithheldChanges(Forgetful):
    """After a restart what was withheld is taken to be written."""

    def of_user(self, user: UserState) -> None:
        user.written = dict(user.wanted)


@broken(
    StateStore,
    Caught("account_as_expected", "ada", "restart-then-several-changes"),
    Caught("account_as_expected", "eve", "restart-then-several-changes"),
)
class ForgetsAllUsers(Forgetful):
    """After a restart the source is taken for new: nobody is linked, and nobody has left."""

    def of_all(self, state: SyncState) -> None:
        state.users, state.holders = {}, {}


@broken(
    StateStore,
    Caught("orphans_are_told", "orphans", "restart-keeps-orphans"),
)
class ForgetsOrphans(Forgetful):
    """After a restart nobody is an orphan any more, and the accounts stay on."""

    def of_all(self, state: SyncState) -> None:
        state.orphans = []


@broken(
    StateStore,
    Caught("account_as_expected", "ada", "restart-keeps-what-to-clear"),
)
class ForgetsWhatItWrote(Forgetful):
    """After a restart a value that is gone at the source is not known to have been written."""

    def of_user(self, user: UserState) -> None:
        (user.written or {}).pop("title", None)


@broken(
    StateStore,
    Caught("group_as_expected", "Red", "restart-keeps-the-group-links"),
    Caught("requests_as_expected", "group.create", "restart-keeps-a-group-renamed-at-the-target"),
)
class ForgetsTheGroupLinks(Forgetful):
    """After a restart groups are known by their names alone."""

    def of_group(self, group: GroupState) -> None:
        group.remote_id, group.stands, group.asked = None, False, ""


@broken(
    StateStore,
    Caught("group_as_expected", "Red", "restart-keeps-memberships-that-wait"),
)
class ForgetsMembershipsThatWait(Forgetful):
    """After a restart a membership that waits for an account is taken to be written."""

    def of_group(self, group: GroupState) -> None:
        group.members |= group.waiting
        group.waiting = set()


@broken(
    StateStore,
    Caught("counter_as_expected", "groups.failed", "restart-keeps-failed-groups"),
)
class ForgetsFailedGroups(Forgetful):
    """After a restart a group that was Failed is a Success."""

    def of_group(self, group: GroupState) -> None:
        group.members |= group.refused.keys()
        group.base, group.refused, group.retry = Base.SYNCED, {}, False


@broken(
    StateStore,
    Caught("group_as_expected", "Red", "restart-keeps-the-memberships-it-wrote"),
)
class ForgetsTheMembershipsItWrote(Forgetful):
    """After a restart no member of a group is known to have been put there."""

    def of_group(self, group: GroupState) -> None:
        group.members = set()


@broken(
    StateStore,
    Caught("group_as_expected", "Red", "restart-keeps-the-groups-it-made"),
)
class ForgetsWhichGroupsItMade(Forgetful):
    """After a restart every group is taken for one that was there before."""

    def of_group(self, group: GroupState) -> None:
        group.created = False


@broken(
    StateStore,
    Caught("group_as_expected", "Red", "restart-keeps-the-groups-that-were-there"),
    Caught("a_group_of_others_is_never_deleted", "Red", "restart-keeps-the-groups-that-were-there"),
)
class TakesEveryGroupForItsOwn(Forgetful):
    """After a restart every group is taken for one that the client made."""

    def of_group(self, group: GroupState) -> None:
        group.created = True


@broken(
    ReferenceAdapter,
    Caught("orphans_are_told", "orphans", "restart-then-an-orphan-comes-back"),
    Caught("orphans_are_told", "orphans", "one-of-two-orphans-comes-back"),
    Caught("orphans_are_told", "orphans", "orphan-comes-back"),
)
class TellsOfOrphansForever(ReferenceAdapter):
    """Whoever was an orphan once is told as one for good, also after coming back."""

    ever: frozenset[str] = frozenset()

    def orphans(self) -> tuple[str, ...]:
        self.ever |= frozenset(super().orphans())
        return tuple(sorted(self.ever))

    def restart(self) -> None:
        self.orphans()
        super().restart()


@broken(
    StateStore,
    Caught("requests_as_expected", "*", "fault-attr-normalised-over-a-restart"),
)
class ForgetsTheFormOfTheTarget(Forgetful):
    """After a restart a value that the target shows in a form of its own is written again."""

    def of_user(self, user: UserState) -> None:
        user.echo = {}


@broken(
    ReferenceAdapter,
    Caught("account_as_expected", "ada", "restart-before-the-first-sync"),
    Caught("account_as_expected", "eve", "restart-then-leaver"),
)
class TakesTheSourceForKnownAfterARestart(ReferenceAdapter):
    """What the source holds at the first sync after a restart is taken to be at the target already."""

    restarted = False

    def restart(self) -> None:
        super().restart()
        self.restarted = True

    def apply(self, population: Population) -> None:
        if not self.restarted:
            super().apply(population)
        self.restarted = False


@broken(
    ReferenceAdapter,
    Caught("summary_is_hidden", "rule", "restart-while-the-rule-is-disabled"),
    Caught("status_says_how_the_rule_stands", "Sync Status", "restart-while-the-rule-is-disabled"),
)
class EnablesTheRuleOnARestart(ReferenceAdapter):
    """A rule that was disabled is enabled again by a restart."""

    def configure(self, connection: Connection, rule: Rule) -> None:
        self.last = connection, rule
        super().configure(connection, rule)

    def restart(self) -> None:
        super().restart()
        if hasattr(self, "last"):
            connection, rule = self.last
            super().configure(connection, replace(rule, enabled=True))
