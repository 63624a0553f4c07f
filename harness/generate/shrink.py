"""Makes a failing trial small: leaves out steps, edits, faults, users, groups and attributes while it still fails.

A trial is data, so leaving a part out changes nothing else; each candidate is a trial of its own, run from the start.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any

from provcheck.harness.generate.trial import Trial, parts_of
from provcheck.harness.model import (
    Apply,
    ArmFaults,
    ExternalChanges,
    FaultSpec,
    Population,
    Rule,
    SourceGroup,
    SourceUser,
)
from provcheck.harness.model.disruption import Crash, GeneratedStep

Fails = Callable[[Trial], bool]
Done = Callable[[], bool]


def shrink(trial: Trial, fails: Fails, *, enough: Done = lambda: False) -> Trial:
    """Return a smallest trial that still fails; the trial itself if `enough` returns True at once.

    `fails` runs a trial and returns True if it fails in the same way. Several parts are left out together first, then
    single ones, until nothing more can be left out.
    """
    smaller = True
    while smaller and not enough():
        smaller = False
        for propose in (_without_many_steps, _without_a_step, _without_an_edit, _without_somebody, _plainer):
            found = _follow(trial, propose, fails, enough)
            smaller, trial = smaller or found is not trial, found
    return replace(trial, seed="")


def _follow(trial: Trial, propose: Callable[[Trial], Iterator[Trial]], fails: Fails, enough: Done) -> Trial:
    """Take the first candidate that still fails, then the first of its own candidates, and so on."""
    place = 0
    while not enough():
        following = _first(propose(trial), place, fails, enough)
        if following is None:
            return trial
        place, trial = following
    return trial


def _first(proposals: Iterable[Trial], place: int, fails: Fails, enough: Done) -> tuple[int, Trial] | None:
    """The first candidate that still fails, from a place on: earlier ones have just been tried."""
    for number, proposal in enumerate(proposals):
        if enough():
            return None
        if number >= place and fails(proposal):
            return number, proposal
    return None


def _without_many_steps(trial: Trial) -> Iterator[Trial]:
    steps = trial.disruption
    size = len(steps) // 2
    while size > 1:
        for start in range(0, len(steps), size):
            yield replace(trial, disruption=steps[:start] + steps[start + size :])
        size //= 2


def _without_a_step(trial: Trial) -> Iterator[Trial]:
    for place in range(len(trial.disruption)):
        yield replace(trial, disruption=_cut(trial.disruption, place))


def _without_an_edit(trial: Trial) -> Iterator[Trial]:
    for place, step in enumerate(trial.disruption):
        for smaller in _smaller_steps(step):
            yield replace(trial, disruption=(*trial.disruption[:place], smaller, *trial.disruption[place + 1 :]))


def _smaller_steps(step: GeneratedStep) -> Iterator[GeneratedStep]:
    parts = parts_of(step)
    for place in range(len(parts)):
        yield _with_parts(step, _cut(parts, place))
    if isinstance(step, ArmFaults):
        for place, fault in enumerate(step.faults):
            yield replace(step, faults=_cut(step.faults, place))
            for smaller in _smaller_faults(fault):
                yield replace(step, faults=(*step.faults[:place], smaller, *step.faults[place + 1 :]))
    if isinstance(step, Crash):
        yield Apply(step.edits)
        if step.requests > 1:
            yield replace(step, requests=step.requests // 2)
            yield replace(step, requests=step.requests - 1)


def _smaller_faults(fault: FaultSpec) -> Iterator[FaultSpec]:
    if fault.times != 1:
        yield replace(fault, times=1)
    if fault.times is not None and fault.times > 2:
        yield replace(fault, times=fault.times - 1)
    if fault.skip:
        yield replace(fault, skip=0)
        yield replace(fault, skip=fault.skip - 1)
    if fault.headers:
        yield replace(fault, headers={})


def _without_somebody(trial: Trial) -> Iterator[Trial]:
    """Without one user or group, at the source and at the target."""
    given = trial.given
    for user in given.population.users:
        yield _without(trial, given.population.without_user(user.id), {user.id, user.user_name})
    for group in given.population.groups:
        yield _without(trial, given.population.without_group(group.id), {group.id, group.name})
    for place in range(len(given.accounts)):
        yield replace(trial, given=replace(given, accounts=_cut(given.accounts, place)))
    for place in range(len(given.groups)):
        yield replace(trial, given=replace(given, groups=_cut(given.groups, place)))


def _without(trial: Trial, population: Population, names: set[str]) -> Trial:
    steps = tuple(_forget(step, names) for step in trial.disruption)
    return replace(trial, given=replace(trial.given, population=population), disruption=steps)


def _forget(step: GeneratedStep, names: set[str]) -> GeneratedStep:
    return _with_parts(step, tuple(part for part in parts_of(step) if not names & _named(part)))


def _with_parts(step: GeneratedStep, parts: tuple[Any, ...]) -> GeneratedStep:
    match step:
        case Apply() | Crash():
            return replace(step, edits=parts)
        case ExternalChanges():
            return replace(step, changes=parts)
        case _:
            return step


def _named(edit: Any) -> set[str]:
    """The ids and names of the users and groups that an edit changes."""
    values = [getattr(edit, each.name) for each in fields(edit)]
    inner = [getattr(value, "id", None) for value in values]
    named = [value.get("userName") for value in values if isinstance(value, Mapping)]
    return {value for value in (*values, *inner, *named) if isinstance(value, str)}


def _plainer(trial: Trial) -> Iterator[Trial]:
    """With fewer members, attributes, connection options and flags."""
    given = trial.given
    for group in given.population.groups:
        for place in range(len(group.members)):
            yield _with_group(trial, replace(group, members=_cut(group.members, place)))
    for key in given.connection:
        yield replace(trial, given=replace(given, connection=_minus(given.connection, key)))
    for key in given.flags:
        yield replace(trial, given=replace(given, flags=_minus(given.flags, key)))
    if given.rule != Rule():
        yield replace(trial, given=replace(given, rule=Rule()))
    for user in given.population.users:
        for plain in _plainer_users(user, keeps_names=bool(trial.configuration.lacks(frozenset(("optional_names",))))):
            population = given.population.with_user(plain)
            yield replace(trial, given=replace(given, population=population))


def _plainer_users(user: SourceUser, *, keeps_names: bool) -> Iterator[SourceUser]:
    # Some targets refuse a user without an address, some one without names.
    for name in ("display_name",) if keeps_names else ("display_name", "family_name", "given_name"):
        if getattr(user, name):
            yield replace(user, **{name: ""})  # type: ignore[arg-type]  # a text
    if user.attributes:
        yield replace(user, attributes={})


def _with_group(trial: Trial, group: SourceGroup) -> Trial:
    return replace(trial, given=replace(trial.given, population=trial.given.population.with_group(group)))


def _cut(items: tuple[Any, ...], place: int) -> tuple[Any, ...]:
    return items[:place] + items[place + 1 :]


def _minus(items: Mapping[str, Any], key: str) -> dict[str, Any]:
    return {name: value for name, value in items.items() if name != key}
