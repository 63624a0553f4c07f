"""What the sync summary must say, judged from source, switches, and what target and journal show. It needs no scenario.

Each counter gets a range: exact where it can be known, wider where two correct clients may differ. A user is classified
by three questions: did the last attempt end badly, is there an account, does it equal the source.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from provcheck.harness.model import (
    COUNTERS,
    Connection,
    Population,
    Rule,
    SourceGroup,
    SourceUser,
)
from provcheck.harness.model.core_words import comparable
from provcheck.harness.model.summary import Section
from provcheck.harness.oracle.journal import UNAUTHORIZED, Entry, Journal
from provcheck.harness.oracle.ranges import ANY, MAYBE, NO, YES, Observed, Ranges
from provcheck.harness.oracle.simulation import same

Remote = Mapping[str, object]
Snapshot = Mapping[str, Sequence[Mapping[str, Any]]]
IDENTIFYING = ("userName", "externalId", "email")
"""Words by which a target knows a user."""


@dataclass(frozen=True)
class Observation:
    """Everything that can be seen of a run at rest.

    `journal` reaches back to the start of the run. `earlier` are populations that the source had before, so that an
    account is known by a name its user has given up. `normalises` are words that the target rewrites on its own.
    `resynced`: there was a Full Resync, so a withheld update may have cost a user the Success. `out_of_band` are names,
    case-folded, of accounts and groups that were changed out of band and that no run had to look at since.
    """

    population: Population
    rule: Rule
    connection: Connection
    snapshot: Snapshot
    journal: Journal
    earlier: Sequence[Population] = ()
    normalises: frozenset[str] = field(default=frozenset(), kw_only=True)
    own_words: frozenset[str] = field(default=frozenset(), kw_only=True)
    """Words that the client maps in its own way: an account need not hold what the rule says."""
    resynced: bool = field(default=False, kw_only=True)
    out_of_band: frozenset[str] = field(default=frozenset(), kw_only=True)
    sent: Mapping[str, frozenset[str]] = field(default_factory=dict, kw_only=True)
    """Account id, folded -> the values that a watched client wrote: its earlier sources are not known."""

    @cached_property
    def stopped(self) -> bool:
        """Whether the run ended with refused credentials: which users it did not reach cannot be known."""
        refused = next((each for each in reversed(self.journal.entries) if each.status == UNAUTHORIZED), None)
        return refused is not None and next(self.journal.sent_after(refused), None) is None

    @cached_property
    def scope(self) -> Mapping[str, SourceUser]:
        """The impacted users, by id."""
        return {user.id: user for user in self.rule.impacted_users(self.population)}

    @cached_property
    def settled(self) -> frozenset[str]:
        """Ids of users who never left the scope: those who did are evaluated as new when they come back."""
        scopes = [{user.id for user in self.rule.impacted_users(then)} for then in self.earlier]
        joined = [min((n for n, ids in enumerate(scopes) if id in ids), default=len(scopes)) for id in self.scope]
        pairs = zip(self.scope, joined, strict=True)
        return frozenset(id for id, first in pairs if all(id in ids for ids in scopes[first:]))

    @cached_property
    def _accounts_by_name(self) -> Mapping[str, list[Remote]]:
        index: dict[str, list[Remote]] = {}
        for account in self.snapshot["users"]:
            for key in {str(account[word]).casefold() for word in IDENTIFYING if account.get(word)}:
                index.setdefault(key, []).append(account)
        return index

    @cached_property
    def groups_by_name(self) -> Mapping[str, Remote]:
        """The groups at the target, by folded name."""
        return {str(group.get("displayName", "")).casefold(): group for group in self.snapshot["groups"]}

    def names(self, user: SourceUser) -> frozenset[str]:
        """All names, folded, by which a user is or was known to the target, but for those that another has now."""
        known = self._names.get(id(user))
        if known is None:
            lives = (user, *self._earlier_lives(user))
            called = {name for life in lives for name in self._called(life)}
            found = frozenset(name for name in called if self._owners.get(name, user.id) == user.id)
            # The user is kept beside the names, so that its id stays its own.
            known = self._names[id(user)] = (user, found)
        return known[1]

    @cached_property
    def _names(self) -> dict[int, tuple[SourceUser, frozenset[str]]]:
        """What `names` has found before: every check asks for them."""
        return {}

    def _mapped(self, user: SourceUser) -> Mapping[str, Any]:
        """The mapped attributes of a user; as every check asks for them, they are kept beside the user."""
        known = self._mappings.get(id(user))
        if known is None:
            known = self._mappings[id(user)] = (user, self.rule.mapped(user))
        return known[1]

    @cached_property
    def _mappings(self) -> dict[int, tuple[SourceUser, Mapping[str, Any]]]:
        return {}

    def _called(self, user: SourceUser) -> frozenset[str]:
        words = self._mapped(user)
        return frozenset(str(words[word]).casefold() for word in IDENTIFYING if words.get(word))

    @cached_property
    def _owners(self) -> Mapping[str, str]:
        """Name, folded -> id of the user who has it now; empty for one that several have."""
        owners: dict[str, str] = {}
        for user in self.population.users:
            for name in self._called(user):
                owners[name] = user.id if owners.get(name, user.id) == user.id else ""
        return owners

    @cached_property
    def _bearers(self) -> Mapping[str, set[str]]:
        """Name, folded -> ids of the users who have it or had it."""
        bearers: dict[str, set[str]] = {}
        for user in {id(user): user for then in (*self.earlier, self.population) for user in then.users}.values():
            for name in self._called(user):
                bearers.setdefault(name, set()).add(user.id)
        return bearers

    def contested(self, user: SourceUser) -> bool:
        """Whether another person has, or had, a name of the user: who gets whose account may depend on the order."""
        return any(len(self._bearers.get(name, ())) > 1 for name in self._called(user))

    def group_names(self, group: SourceGroup) -> frozenset[str]:
        """All names by which a group is or was known to the target."""
        lives = [then.groups_by_id[group.id] for then in self.earlier if group.id in then.groups_by_id]
        return frozenset(life.name for life in (group, *lives))

    def unseen_user(self, user: SourceUser) -> bool:
        """Whether the user's account was changed out of band, and the client need not know of it yet."""
        return bool(self.names(user) & self.out_of_band)

    def unseen_group(self, group: SourceGroup) -> bool:
        """Whether the group was changed out of band, and the client need not know of it yet."""
        return bool({name.casefold() for name in self.group_names(group)} & self.out_of_band)

    def accounts(self, user: SourceUser) -> list[Remote]:
        """The accounts at the target that stand for a user, active or not."""
        known = self._accounts.get(id(user))
        if known is None:
            found = {id(each): each for name in self.names(user) for each in self._accounts_by_name.get(name, ())}
            known = self._accounts[id(user)] = (user, list(found.values()))
        return known[1]

    @cached_property
    def _accounts(self) -> dict[int, tuple[SourceUser, list[Remote]]]:
        return {}

    def own_accounts(self, user: SourceUser) -> list[Remote]:
        """Those of the accounts that have a name of the user which is and was nobody else's."""
        own = {name for name in self.names(user) if len(self._bearers.get(name, ())) <= 1}
        return [each for each in self.accounts(user) if own & {str(each.get(word)).casefold() for word in IDENTIFYING}]

    def ambiguous(self, user: SourceUser) -> bool:
        """Whether more than one account answers to the identifier by which the user is matched."""
        word = "email" if self.connection.unique_user_identifier == "workEmail" else "userName"
        wanted = str(self._mapped(user).get(word, "")).casefold()
        return sum(str(account.get(word, "")).casefold() == wanted for account in self.accounts(user)) > 1

    def keys(self, user: SourceUser) -> frozenset[str]:
        """The names of a user and the ids of the user's accounts, folded, as the journal knows them."""
        ids = (str(account["id"]).casefold() for account in self.accounts(user) if account.get("id"))
        return self.names(user).union(ids)

    def in_sync(self, user: SourceUser, account: Remote) -> bool:
        """Whether the account holds what the source says, as far as the target keeps it as it was sent."""
        return not self.differences(user, account)

    def differences(self, user: SourceUser, account: Remote) -> list[str]:
        """The words in which an account is not what the source says, or still what the source said earlier."""
        wanted = {**self._mapped(user)}
        manager = wanted.pop("manager", None)
        differing = [word for word, value in wanted.items() if not same(word, account.get(word), value)]
        absent = self.rule.mapping.keys() - wanted.keys() - ({"manager"} if manager else set())
        differing += self._still_there(user, sorted(absent), account)
        differing += ["manager"] if manager and not self._is_managed_by(manager, account) else []
        compared = [word for word in differing if word not in self.normalises | self.own_words]
        return compared if bool(account.get("active", True)) is user.active else ["active", *compared]

    def _still_there(self, user: SourceUser, words: Iterable[str], account: Remote) -> list[str]:
        """Those of the words without a value at the source that hold what the source said earlier."""
        held = [word for word in words if comparable(word, account.get(word)) is not None]
        earlier = [self._mapped(life) for life in self._earlier_lives(user)] if held else []
        sent = self.sent.get(str(account.get("id")).casefold(), frozenset())
        return [
            word
            for word in held
            if _is_in(sent, account[word])
            or any(word in said and same(word, account[word], said[word]) for said in earlier)
        ]

    def _earlier_lives(self, user: SourceUser) -> list[SourceUser]:
        lives = (then.users_by_id.get(user.id) for then in self.earlier)
        # What did not change is the same object in every population.
        return list({id(life): life for life in lives if life is not None}.values())

    def _is_managed_by(self, manager: str, account: Remote) -> bool:
        """Whether the account has this manager, or the manager has no account and cannot be written."""
        found = next((each for each in self.scope.values() if same("userName", each.user_name, manager)), None)
        accounts = [] if found is None else self.accounts(found)
        shown = account.get("manager")
        return not accounts or any(same("manager", shown, each["userName"]) for each in accounts)

    def keeps_a_name(self, user: SourceUser, account: Remote) -> bool:
        """Whether the account has a user name that the user has given up, at a target that rewrites user names."""
        had = (life.user_name for life in self._earlier_lives(user) if life.user_name != user.user_name)
        return "userName" in self.normalises and any(same("userName", account.get("userName"), name) for name in had)

    def kept(self, user: SourceUser, account: Remote) -> list[str]:
        """The words that were cleared at the source, and whose old value the account still holds."""
        absent = self.rule.mapping.keys() - self._mapped(user).keys() - self.normalises
        return self._still_there(user, sorted(absent), account)


def _is_in(texts: frozenset[str], value: object) -> bool:
    return isinstance(value, str) and value in texts


def observe(observation: Observation) -> Observed:
    """The ranges of every counter. Raises BadRule when the rule itself is refused."""
    known = list(states(observation))
    users, groups = (_sum(part for of, part in known if of == section) for section in ("users", "groups"))
    return Observed(users, groups if observation.connection.supports_groups else None)


def states(observation: Observation) -> Iterator[tuple[Section, Ranges]]:
    """The ranges of every user and group alone. Raises BadRule when the rule itself is refused."""
    yield from (("users", _user(observation, user)) for user in observation.scope.values())
    if observation.connection.supports_groups:
        for group in observation.rule.impacted_groups(observation.population):
            yield "groups", _group(observation, group)


def _sum(parts: Iterable[Ranges]) -> Ranges:
    total = dict.fromkeys(COUNTERS, NO)
    for part in parts:
        for name, amount in {"impacted": YES, **part}.items():
            total[name] += amount
    return total


def _user(observation: Observation, user: SourceUser) -> Ranges:
    if observation.unseen_user(user):
        return ANY
    accounts, keys = observation.accounts(user), observation.keys(user)
    equal = len(accounts) == 1 and observation.in_sync(user, accounts[0])
    if failed_attempt(observation.journal, keys) is not None:
        return _after_an_error(observation, accounts, equal=equal)
    if observation.ambiguous(user):
        return {"failed": MAYBE, "success": MAYBE, "partially_synced": MAYBE}
    if not equal and observation.contested(user):
        return ANY
    if not accounts:
        return {"failed": MAYBE, "unsynced": MAYBE} if observation.stopped else {"unsynced": YES}
    if equal:
        # Where the target rewrites names, one that the user has given up may be a rename that was withheld.
        stale = observation.own_words or observation.keeps_a_name(user, accounts[0])
        return {"success": YES, "partially_synced": MAYBE if stale else NO}
    if observation.stopped or any(observation.kept(user, account) for account in accounts):
        # A target that does not let go of a value leaves the user Partially Synced or Failed.
        return {"partially_synced": MAYBE, "success": MAYBE, "failed": MAYBE}
    about = [entry for entry in observation.journal.doing("user.*", keys) if not entry.members]
    # Whoever was Failed in between is evaluated once more, and then withheld: Linked, or synced and stale.
    undisturbed = all(entry.good for entry in about)
    synced_before = (
        user.id in observation.settled and not observation.resynced and undisturbed and _made_here(observation, keys)
    )
    return {"partially_synced": YES, "success": YES if synced_before else MAYBE}


def _after_an_error(observation: Observation, accounts: Sequence[Remote], *, equal: bool) -> Ranges:
    # An error may have been made good unseen, or a switch may since have withheld what would have been tried again.
    if equal:
        return {"failed": MAYBE, "success": MAYBE}
    if not accounts:
        return {"failed": YES} if observation.connection.create_users else {"failed": MAYBE, "unsynced": MAYBE}
    if observation.connection.update_users and observation.connection.disable_users:
        return {"failed": YES}
    return {"failed": MAYBE, "partially_synced": MAYBE, "success": MAYBE}


def failed_attempt(journal: Journal, keys: Iterable[str]) -> Entry | None:
    """The last attempt on a user, if it ended badly: the last write, or a look-up that failed after it.

    A request about memberships is no attempt on the user: its failure is the group's.
    """
    entries = [entry for entry in journal.doing("user.*", keys) if not entry.members]
    writes = [entry for entry in entries if entry.writes]
    if writes and not writes[-1].good:
        return writes[-1]
    return entries[-1] if entries and not (entries[-1].good or entries[-1].finds_nothing) else None


def _made_here(observation: Observation, keys: Iterable[str]) -> bool:
    return any(entry.good and entry.applied == "yes" for entry in observation.journal.doing("user.create", keys))


def _group(observation: Observation, group: SourceGroup) -> Ranges:
    if observation.unseen_group(group):
        return ANY
    found = observation.groups_by_name.get(group.name.casefold())
    names, keys = observation.group_names(group), group_keys(observation, group)
    about = observation.journal.doing("group.*", keys)
    own_failed = own_write_failed(observation.journal, keys)
    if found is None:
        # An error of a look-up is an error as well; where nothing was tried the group is merely not there.
        erred = not all(entry.good for entry in about)
        absent = {"failed": MAYBE, "unsynced": MAYBE} if erred else {"unsynced": YES}
        return {"failed": YES} if own_failed else absent
    missing, doubtful = missing_members(observation, group, found)
    pairs = [f"{name}/{key}" for user in (*missing, *doubtful) for key in observation.keys(user) for name in names]
    if pairs and _last_failed(observation.journal.doing("member.add", pairs)):
        return {"failed": YES}
    stays = [f"{name}/{member}" for member in _surplus(observation, group, found) for name in names]
    # A request that was turned away before the target looked at it does not say whose membership it was about.
    refused = stays and not all(entry.good for entry in about)
    unsure = missing or doubtful or own_failed or _last_failed(about) or refused
    unsure = unsure or (stays and _last_failed(observation.journal.doing("member.remove", stays)))
    return {"failed": MAYBE, "success": MAYBE} if unsure else {"success": YES}


def group_keys(observation: Observation, group: SourceGroup) -> tuple[str, ...]:
    """The names of a group and the ids of all groups at the target that go, or went, by one of them."""
    names = observation.group_names(group)
    known = (observation.groups_by_name.get(name.casefold()) for name in names)
    there = (str(remote["id"]) for remote in known if remote is not None and remote.get("id"))
    return tuple(dict.fromkeys((*names, *there, *_told_of(observation.journal, names))))


def _told_of(journal: Journal, names: Iterable[str]) -> list[str]:
    """The names and ids that the journal gives to a group, including ids of groups deleted since."""
    folded = {name.casefold() for name in names}
    acts = (act for entry in journal.doing("group.*", folded) for act in entry.acts)
    meant = (act.keys for act in acts if act.operation.startswith("group.") and act.keys & folded)
    return sorted({key for keys in meant for key in keys})


def own_write_failed(journal: Journal, keys: Iterable[str]) -> bool:
    """Whether the last write of a group, under any of these names and ids, ended badly."""
    return _last_failed(entry for entry in journal.doing("group.*", keys) if entry.writes)


def _last_failed(entries: Iterable[Entry]) -> bool:
    known = list(entries)
    return bool(known) and not known[-1].good


def missing_members(
    observation: Observation, group: SourceGroup, found: Remote
) -> tuple[list[SourceUser], list[SourceUser]]:
    """The impacted users who have an account and are not in the group at the target.

    The second list holds those whose last attempt failed: the client may not know of the account.
    """
    if observation.connection.membership_style == "none":
        return [], []
    there = present(found)
    wanted = [observation.scope[id] for id in group.members if id in observation.scope]
    absent = [user for user in wanted if observation.accounts(user) and not observation.names(user) & there]
    doubtful = [user for user in absent if failed_attempt(observation.journal, observation.keys(user)) is not None]
    return [user for user in absent if user not in doubtful], doubtful


def present(found: Remote) -> set[str]:
    """The names of the members of a group at the target, folded."""
    members = found.get("members")
    return {str(name).casefold() for name in members} if isinstance(members, list) else set()


def _surplus(observation: Observation, group: SourceGroup, found: Remote) -> set[str]:
    """Members at the target whom the source does not name: unmanaged ones, or those that could not be removed."""
    wanted = [observation.scope[id] for id in group.members if id in observation.scope]
    return present(found) - {name for user in wanted for name in observation.names(user)}
