"""Reads the options that say which targets are served, how they behave and where they are reached.

Invalid options are one line on standard error and exit code 2, before any port is opened. `provcheck serve` and
`provcheck watch` take the same ones.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from provcheck.mock_targets import registry
from provcheck.mock_targets.commands.parameters import ReadFile
from provcheck.mock_targets.commands.refused import Refused
from provcheck.mock_targets.faults.catalog import CATALOGUE
from provcheck.mock_targets.faults.description import field_names
from provcheck.mock_targets.faults.fault import BadFault, Fault
from provcheck.mock_targets.faults.notation import parse
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.errors import BadJson
from provcheck.mock_targets.reading import nearest
from provcheck.mock_targets.target import seeding as seeds
from provcheck.mock_targets.target.flags import Flag, FlagError, Flags
from provcheck.mock_targets.target.target import SchemaFile, Target, TargetSpec

LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")
UNSPECIFIC = ("0.0.0.0", "::")  # noqa: S104  # recognised, never chosen
MAX_PORT = 65_535
LEAST_TOKEN = 8
"""Fewest characters of a token: a shorter one would be redacted in the middle of ordinary words."""
_HOST_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9_-]*[A-Za-z0-9])?)*\.?")
_TOKEN = re.compile(r"[A-Za-z0-9._~+/-]+=*")
"""A token in an Authorization header (RFC 6750 section 2.1)."""


def find_specs(names: Sequence[str]) -> dict[str, TargetSpec]:
    """The declarations of the named targets, or of all. Raises Refused."""
    try:
        return {name: registry.find(name) for name in dict.fromkeys(names or registry.names())}
    except registry.UnknownTarget as error:
        raise Refused(str(error)) from None


def check_address(host: str, expose: str | None, public_url: str | None) -> None:
    """Refuse a name or URL that cannot be one, and listening for other machines without either. Raises Refused."""
    if expose is not None:
        if public_url is not None:
            raise Refused("--expose gives the host name in URLs, --public-url the whole URL: leave one of them out")
        if not _is_host(expose):
            hint = "; --public-url takes a URL" if "/" in expose or ":" in expose else ""
            raise Refused(f"--expose takes a host name such as mocks.example.com, not {expose!r:.100}{hint}")
    if public_url is not None and not _is_url(public_url):
        raise Refused(f"--public-url takes a URL such as https://mocks.example.com, not {public_url!r:.100}")
    if expose is None and public_url is None and not is_loopback(host):
        raise Refused(
            f"{host} can be reached from other machines; add --expose NAME, the host name that they use, "
            "or --public-url URL"
        )


def check_token(option: str, token: str | None) -> None:
    """Refuse a token that cannot stand in a header, or is too short to be redacted. Raises Refused."""
    if token is not None and (len(token) < LEAST_TOKEN or not _TOKEN.fullmatch(token)):
        raise Refused(f"{option} takes at least {LEAST_TOKEN} letters, digits and . _ ~ + / -")


def check_ports(port: int, targets: int) -> None:
    """Raise Refused when the targets with ports of their own, after this one, need more ports than there are."""
    if port and port + targets > MAX_PORT:
        raise Refused(f"{targets} ports after {port} are more than there are: the last one is {MAX_PORT}")


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches an address."""
    try:
        return host in LOOPBACK_NAMES or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def certificate_names(host: str, expose: str | None, public_url: str | None) -> list[str]:
    """The names that a certificate is for: those of the loopback, and those under which others reach the server."""
    public = urlsplit(public_url or "").hostname
    names = (*LOOPBACK_NAMES, expose, public, host)
    return list(dict.fromkeys(name for name in names if name and name not in UNSPECIFIC))


def _is_host(text: str) -> bool:
    try:
        return bool(ipaddress.ip_address(text.removeprefix("[").removesuffix("]")))
    except ValueError:
        return len(text) <= 253 and _HOST_NAME.fullmatch(text) is not None and not text.replace(".", "").isdigit()


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
        named = parts.hostname is not None and _is_host(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    plain = not parts.query and not parts.fragment and "@" not in parts.netloc and text.isascii() and text.isprintable()
    return parts.scheme in ("http", "https") and named and plain and " " not in text


def read_flags(
    specs: Mapping[str, TargetSpec], profiles: Sequence[str], settings: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Flag values by target: presets first, then single settings in their order. Raises Refused."""
    values: dict[str, dict[str, Any]] = {name: {} for name in specs}
    seen: dict[str, str] = {}
    presets = {preset: f"{name}={preset}" for name, spec in reversed(list(specs.items())) for preset in spec.profiles}
    flags = {flag.name: f"{flag.name}={_example(flag)}" for spec in specs.values() for flag in spec.flags}
    try:
        for text in profiles:
            name, profile = _halves(text, "--profile", "TARGET=PRESET", specs, presets)
            chosen = _known(specs, name).profile(profile)
            if name in seen:
                raise FlagError(f"--profile {name} is given twice: a target has one preset at a time")
            seen[name] = profile
            values[name].update(chosen)
        for text in settings:
            place, value = _halves(text, "--set", "[TARGET.]FLAG=VALUE", specs, flags)
            if seen.setdefault(place, value) != value:
                raise FlagError(f"--set {place} is given as {seen[place]!r:.100} and as {value!r:.100}")
            for name, flag in _addressed(specs, place):
                values[name][flag.name] = flag.parse(value)
    except (FlagError, registry.UnknownTarget) as error:
        raise Refused(str(error)) from None
    return values


def _example(flag: Flag) -> str:
    """A value that a flag takes, other than its default where that is easy to tell."""
    return {"boolean": "off" if flag.default else "on", "integer": "5"}.get(flag.type) or (*flag.choices, "TEXT")[-1]


def read_seed(file: str, specs: Mapping[str, TargetSpec]) -> dict[str, Callable[[Target], object]]:
    """Functions by target that load a seed file: one seed for all, or an object of seeds by target. Raises Refused."""
    try:
        data = json.read_file(file)
    except BadJson as error:
        raise Refused(error.detail) from None
    if not isinstance(data, dict):
        raise Refused(f"{file}: a seed is an object with users and groups, or an object of those by target")
    lists = dict.fromkeys(each for spec in specs.values() for each in spec.core_mapping.lists)
    if data.keys() <= lists.keys():
        return {name: partial(seeds.seed, data=data) for name in specs}
    unknown = [name for name in data if name not in specs]
    if unknown:
        hint = nearest(unknown[0], [*lists, *specs])
        known = f"{', '.join(lists)} nor a served target ({', '.join(specs)})"
        raise Refused(f"{file}: {unknown[0]!r:.100} is neither {known}{hint}")
    return {name: partial(seeds.seed, data=each) for name, each in data.items()}


def read_faults(
    specs: Mapping[str, TargetSpec],
    profiles: Sequence[str],
    named: Sequence[str],
    seeded: Mapping[str, Callable[[Target], object]],
) -> dict[str, Callable[[Target], object]]:
    """Functions by target that arm the faults of presets and of --fault, after seeding. Raises Refused."""
    of_profile = {name: profile for name, _, profile in (text.partition("=") for text in profiles)}
    single: dict[str, list[Fault]] = {}
    catalogued = {name: f"{next(iter(specs))}={name}" for name in CATALOGUE}
    try:
        for text in named:
            form = "TARGET=NAME[:ENTITY] or TARGET=FIELD=VALUE"
            name, fault = _halves(text, "--fault", form, specs, catalogued)
            is_meant = "." in name or "=" in fault or name in field_names()
            _known(specs, name, f", as in --fault '{next(iter(specs))}={text}'" if is_meant else "")
            single.setdefault(name, []).append(parse(fault))
    except (FlagError, BadFault, registry.UnknownTarget) as error:
        raise Refused(str(error)) from None

    def arm(target: Target) -> None:
        if target.name in seeded:
            seeded[target.name](target)
        try:
            arm_faults(target)
        except BadFault as error:
            raise Refused(f"{target.name}: {error}") from None

    def arm_faults(target: Target) -> None:
        if target.name in of_profile:
            target.arm_profile(of_profile[target.name])
        for fault in single.get(target.name, ()):
            target.faults.arm(fault)

    return dict.fromkeys({*of_profile, *single}, arm)


def schema_file(text: str) -> SchemaFile:
    """What `FILE` or `FILE:KIND` names: the kind of resource that is extended, and the file with its schema."""
    file, colon, kind = text.rpartition(":")
    return (kind, file) if colon and kind.isalpha() else ("User", text)


class SchemaOption(ReadFile):
    """`FILE` or `FILE:KIND`."""

    def files(self, value: Any) -> Iterator[str]:
        """Yield both readings of it."""
        yield value
        yield str(schema_file(value)[1])


def _known(specs: Mapping[str, TargetSpec], name: str, hint: str = "") -> TargetSpec:
    if name not in specs:
        near = hint or nearest(name, specs)
        raise registry.UnknownTarget(f"{name!r:.100} is not served; served: {', '.join(specs)}{near}")
    return specs[name]


def _addressed(specs: Mapping[str, TargetSpec], place: str) -> list[tuple[str, Flag]]:
    """The flags that `TARGET.FLAG`, or `FLAG` for every target that has it, names. Raises FlagError, UnknownTarget."""
    target, dot, name = place.partition(".")
    if dot:
        return [(target, Flags(_known(specs, target).flags).flag(name))]
    found = [(name, each) for name, spec in specs.items() for each in spec.flags if each.name == place]
    if not found:
        near = nearest(place, dict.fromkeys(each.name for spec in specs.values() for each in spec.flags))
        raise FlagError(f"no served target has a flag {place!r:.100}{near or '; provcheck list flags names them all'}")
    return found


_LISTS = {"--profile": "presets", "--fault": "faults", "--set": "flags"}


def _halves(
    text: str, option: str, form: str, specs: Mapping[str, TargetSpec], known: Mapping[str, str]
) -> tuple[str, str]:
    """What stands before the first = and after it. `known` says of names alone how they are given. Raises FlagError."""
    left, equals, right = text.partition("=")
    if left.strip() and equals and (right.strip() or option == "--set"):
        return left, right
    given, name = f"{option} takes {form}", left.partition(":")[0].strip()
    if not equals and name in known:
        raise FlagError(f"{given}, as in {known[name]}, not {text!r:.100}")
    if name in specs:
        every = f"provcheck list {_LISTS[option]} names all that there is"
        raise FlagError(f"{given}, not {text!r:.100}: {name} is a target; {every}")
    hint = nearest(name, known) or f"; provcheck list {_LISTS[option]} names them all"
    raise FlagError(f"{given}, not {text!r:.100}{hint}")
