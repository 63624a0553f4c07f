"""Replays a recording on a fresh target and compares the answers; finds the flags that would change a difference."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from provcheck.harness.compare.differences import Comparison, Difference, Side
from provcheck.harness.compare.translation import Translation, texts
from provcheck.harness.lint.exchange import Exchange
from provcheck.harness.testbed.fresh_target import Answer, CannotReplay, FreshTarget, alternatives, below, presets

_SENT = ("accept", "content-type", "if-match", "if-none-match", "prefer", "user-agent", "consistencylevel")
"""Request headers that are sent as recorded; credentials are the target's own."""
DEEPEST = 100
"""Levels of JSON that are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a recording is replayed on.

    `values` are recorded values and what stands for them at the mock; `ignore` are places that are not compared, such
    as `body.meta.version` or `header etag`, for any index of a list; `seed` is what the target holds before. Without a
    seed it is given what the recording shows of resources that were there before.
    """

    target: str
    preset: str = ""
    flags: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, str] = field(default_factory=dict)
    ignore: frozenset[str] = frozenset()
    seed: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Compared:
    """One exchange of the recording: how the mock answered it, and in what that differs.

    `skipped` says why an exchange was not compared. `remedies` name, by difference, the setting that would change it.
    """

    exchange: Exchange
    answer: Answer | None
    differences: tuple[Difference, ...] = ()
    skipped: str = ""
    remedies: Mapping[Difference, str] = field(default_factory=dict)


def compare(exchanges: Sequence[Exchange], setup: Setup, *, tries_flags: bool = True) -> list[Compared]:
    """Replay the exchanges in order, and compare. Raises CannotReplay."""
    before = _state_before(exchanges, setup) if setup.seed is None else ()
    found = _run(exchanges, setup, before)
    return (
        _with_remedies(exchanges, setup, before, found)
        if tries_flags and any(each.differences for each in found)
        else found
    )


@dataclass(frozen=True, slots=True)
class _Resource:
    kind: str
    document: Mapping[str, Any]
    members: tuple[str, ...]


def _run(exchanges: Sequence[Exchange], setup: Setup, before: Sequence[_Resource]) -> list[Compared]:
    translation, sent = Translation(setup.values), set[str]()
    comparison = Comparison(translation, sent.__contains__)
    with _target(exchanges, setup) as target:
        if setup.seed is not None:
            target.seed(setup.seed)
        for each in sorted(before, key=lambda each: each.kind == "Group"):
            target.add(each.kind, each.document, each.members)
        return [_one(target, each, setup, translation, comparison, sent) for each in exchanges]


def _target(exchanges: Sequence[Exchange], setup: Setup) -> FreshTarget:
    started = next((each.at for each in exchanges if each.at is not None and each.at.tzinfo is not None), None)
    more = {} if started is None else {"start": started}
    return FreshTarget(setup.target, preset=setup.preset, flags=setup.flags, **more)


def _one(
    target: FreshTarget,
    exchange: Exchange,
    setup: Setup,
    translation: Translation,
    comparison: Comparison,
    sent: set[str],
) -> Compared:
    path = below(setup.target, exchange.path)
    if path is None:
        return Compared(exchange, None, skipped=f"{setup.target} has no API at this path")
    if exchange.status is None:
        return Compared(exchange, None, skipped="no answer was recorded")
    if exchange.cut:
        return Compared(exchange, None, skipped="only the beginning of the request's body was recorded")
    recorded, asked = _json(exchange.answer_text), _json(exchange.text)
    if _depth_exceeds(recorded) or _depth_exceeds(asked):
        return Compared(exchange, None, skipped=f"nested deeper than {DEEPEST} levels")
    sent.update(texts(asked))
    answer = _send(target, path, exchange, asked, translation)
    theirs = Side(exchange.status, exchange.answer_headers, exchange.answer_text, recorded)
    ours = Side(answer.status, answer.headers, answer.text, _json(answer.text))
    found = comparison.answer(theirs, ours)
    return Compared(exchange, answer, tuple(each for each in found if _anywhere(each.where) not in setup.ignore))


def _send(target: FreshTarget, path: str, exchange: Exchange, asked: Any, translation: Translation) -> Answer:
    own = translation.text(path) + (f"?{translation.text(exchange.query)}" if exchange.query else "")
    headers = {name: translation.text(value) for name, value in exchange.headers.items() if name in _SENT}
    body = exchange.text.encode("utf-8", "surrogatepass") or None
    if asked is not None:
        body = json.dumps(translation.value(asked), ensure_ascii=False).encode("utf-8", "surrogatepass")
    return target.send(exchange.method, own, headers=headers, body=body, is_known=exchange.status != 401)


def _state_before(exchanges: Sequence[Exchange], setup: Setup) -> list[_Resource]:
    """What a recording shows of users and groups that no request of it had created before.

    The first answer that shows one is taken. The operation that the target takes the request for says what it is.
    """
    found: dict[str, _Resource] = {}
    created: set[str] = set()
    with _target(exchanges, setup) as target:
        for each in exchanges:
            path, answer = below(setup.target, each.path), _json(each.answer_text)
            if path is None or not each.good or not isinstance(answer, dict | list) or _depth_exceeds(answer):
                continue
            operation = _send(target, path, each, _json(each.text), Translation(setup.values)).operation
            kind, _, verb = operation.partition(".")
            if verb == "create" and isinstance(answer, dict):
                created.add(str(answer.get("id")))
            rows = target.rows(path, answer) if verb == "list" else [answer]
            for row in rows or () if kind in ("user", "group") else ():
                if isinstance(row, dict) and isinstance(row.get("id"), str | int) and str(row["id"]) not in created:
                    found.setdefault(str(row["id"]), _Resource(kind.capitalize(), row, tuple(_members(row))))
    return list(found.values())


def _members(document: Mapping[str, Any]) -> Iterator[str]:
    entries = document.get("members")
    for each in entries if isinstance(entries, list) else ():
        id = each.get("value") or each.get("id") if isinstance(each, dict) else each
        if isinstance(id, str):
            yield id


def _with_remedies(
    exchanges: Sequence[Exchange], setup: Setup, before: Sequence[_Resource], found: list[Compared]
) -> list[Compared]:
    """Replay once with each other value of each flag, and note which differences it takes away.

    Of several the one is noted that leaves the fewest differences in the whole recording.
    """
    variants = [
        (f"{name}={_text(value)}", replace(setup, flags={**setup.flags, name: value}))
        for name, value in alternatives(setup.target, setup.preset, setup.flags)
    ]
    others = (name for name in presets(setup.target) if name != setup.preset)
    variants += [(f"preset {name}", replace(setup, preset=name)) for name in others]
    tried = []
    for told, variant in variants:
        try:
            other = _run(exchanges, variant, before)
        except CannotReplay:
            continue  # a value that does not go with the others
        tried.append((sum(len(each.differences) for each in other), told, other))
    tried.sort(key=lambda each: each[0])
    return [
        replace(was, remedies=_remedies(was, [(told, other[place]) for _, told, other in tried]))
        for place, was in enumerate(found)
    ]


def _remedies(was: Compared, tried: Sequence[tuple[str, Compared]]) -> dict[Difference, str]:
    known: dict[Difference, str] = {}
    for told, now in tried:
        places = {each.where for each in now.differences}
        if places < {each.where for each in was.differences}:  # a refusal would take every other one away
            for each in was.differences:
                if each.where not in places:
                    known.setdefault(each, told)
    return known


def _anywhere(where: str) -> str:
    """A place without the indexes of lists: `body.emails[0].type` -> `body.emails.type`."""
    return "".join(part.partition("]")[2] if n else part for n, part in enumerate(where.split("[")))


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _json(text: str) -> Any:
    try:
        return json.loads(text) if text.strip() else None
    except (ValueError, RecursionError):
        return None


def _depth_exceeds(value: Any) -> bool:
    level = [value]
    for _ in range(DEEPEST):
        level = [
            inner
            for each in level
            for inner in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
        ]
        if not level:
            return False
    return True
