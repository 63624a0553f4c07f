"""`provcheck serve`: reads the options, serves the targets, and prints their URLs.

Invalid options are one line on stderr and exit code 2, before any port is opened.
"""

from __future__ import annotations

import gc
import ipaddress
import signal
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any

import click

from provcheck.mock_targets import registry
from provcheck.mock_targets.faults.fault import BadFault, Fault
from provcheck.mock_targets.faults.notation import parse
from provcheck.mock_targets.http import json
from provcheck.mock_targets.http.errors import BadJson
from provcheck.mock_targets.target import seeding as seeds
from provcheck.mock_targets.target.flags import Flag, FlagError, Flags
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.target.target import BadSchema, SchemaFile, Target, TargetSpec

_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "::1")


class Refused(click.ClickException):
    """Invalid options: one line, exit code 2."""

    exit_code = 2

    def format_message(self) -> str:
        """The message on one line, without what could steer a terminal or a CI runner (`##[group]`)."""
        shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in self.message)
        return shown.replace("##", "#\\x23")


@click.command(short_help="Serve mock targets for a provisioning client.")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(0, 65535), help="0 selects a free one.")
@click.option("--port-per-target", is_flag=True, help="Serve each target on a port of its own as well, after PORT.")
@click.option("--expose", metavar="NAME", help="Host name in URLs; required if HOST is reached from other machines.")
@click.option("--set", "settings", multiple=True, metavar="[TARGET.]FLAG=VALUE", help="Set a flag; repeatable.")
@click.option(
    "--profile", "profiles", multiple=True, metavar="TARGET=NAME", help="Set the flags and faults of a named profile."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="TARGET=NAME[:ENTITY] [FIELD=VALUE]...",
    help="Arm a fault at the start, named or described by its fields; repeatable.",
)
@click.option("--seed", "seed_file", metavar="FILE", help="Users and groups at the start (JSON, core attributes).")
@click.option(
    "--schema",
    "schemas",
    multiple=True,
    metavar="FILE[:KIND]",
    help="Custom attributes of a User, or KIND; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON when ready, and nothing else.")
@click.option("--spaces", is_flag=True, help="Serve isolated copies under /~NAME/TARGET/, created on first use.")
@click.option("--tls", is_flag=True, help="Serve https, with a certificate authority generated for this run.")
@click.option(
    "--journal-mb",
    default=64,
    show_default=True,
    type=click.IntRange(1),
    help="Memory of the journals and cursors of all targets together; the oldest of the fullest go first.",
)
@click.option("--id-seed", type=int, metavar="N", help="Seed of the ids: the same ids in the same order in each run.")
def serve(targets: tuple[str, ...], **options: Any) -> None:
    """Serve mock targets for a provisioning client: all of them, or the named ones.

    They listen on this machine only, each under its name, beside one control API that sets flags, arms faults and
    reads the journal. A FLAG given without a TARGET is set on every served target that has it. Ends with Ctrl-C.

    \b
      provcheck serve
      provcheck serve scim --port 0 --json
      provcheck serve scim slack --set scim.allows_delete_users=off --profile scim=okta
    """
    check_exposure(options["host"], options["expose"])
    specs = _specs(targets)
    flags = read_flags(specs, options["profiles"], options["settings"])
    seeded = read_seed(options["seed_file"], specs) if options["seed_file"] else {}
    seeder = {**seeded, **read_faults(specs, options["profiles"], options["faults"], seeded)}
    _run(specs, flags, seeder, options)


def check_exposure(host: str, expose: str | None) -> None:
    """Refuse to listen for other machines without --expose. Raises Refused."""
    if host in _LOOPBACK_NAMES or expose:
        return
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        raise Refused(f"{host} can be reached from other machines; add --expose NAME, the host name that they use")


def read_flags(
    specs: Mapping[str, TargetSpec], profiles: Sequence[str], settings: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Flag values by target: profiles first, then single settings in their order. Raises Refused."""
    values: dict[str, dict[str, Any]] = {name: {} for name in specs}
    try:
        for text in profiles:
            name, profile = _halves(text, "--profile takes TARGET=NAME")
            chosen = _known(specs, name).profile(profile)
            values[name].update(chosen)
        for text in settings:
            place, value = _halves(text, "--set takes [TARGET.]FLAG=VALUE")
            for name, flag in _addressed(specs, place):
                values[name][flag.name] = flag.parse(value)
    except (FlagError, registry.UnknownTarget) as error:
        raise Refused(str(error)) from None
    return values


def read_seed(file: str, specs: Mapping[str, TargetSpec]) -> dict[str, Callable[[Target], object]]:
    """Functions by target that load a seed file: one seed for all, or an object of seeds by target. Raises Refused."""
    try:
        data = json.read(Path(file).read_bytes())
    except OSError as error:
        raise Refused(f"cannot read {file}: {error.strerror}") from None
    except BadJson as error:
        raise Refused(f"{file}: {error.detail}") from None
    if not isinstance(data, dict):
        raise Refused(f"{file}: a seed is an object with users and groups, or an object of those by target")
    if data.keys() <= {each for spec in specs.values() for each in spec.core_mapping.lists}:
        return {name: partial(seeds.seed, data=data) for name in specs}
    unknown = [name for name in data if name not in specs]
    if unknown:
        raise Refused(f"{file}: {unknown[0]!r} is neither users, groups nor a served target ({', '.join(specs)})")
    return {name: partial(seeds.seed, data=each) for name, each in data.items()}


def read_faults(
    specs: Mapping[str, TargetSpec],
    profiles: Sequence[str],
    named: Sequence[str],
    seeded: Mapping[str, Callable[[Target], object]],
) -> dict[str, Callable[[Target], object]]:
    """Functions by target that arm the faults of profiles and of --fault, after seeding. Raises Refused."""
    of_profile = {name: profile for name, _, profile in (text.partition("=") for text in profiles)}
    single: dict[str, list[Fault]] = {}
    try:
        for text in named:
            name, fault = _halves(
                text,
                "--fault takes TARGET=NAME[:ENTITY] or TARGET=FIELD=VALUE",
            )
            _known(specs, name)
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


def _run(
    specs: Mapping[str, TargetSpec], flags: Any, seeder: Mapping[str, Callable[[Target], object]], options: Any
) -> None:
    from provcheck.mock_targets.environment import (
        Environment,  # late: the options are valid, the server will be needed
    )
    from provcheck.mock_targets.serving.certificates import Certificates
    from provcheck.mock_targets.serving.process import collect_rarely
    from provcheck.mock_targets.serving.server import PortTaken, Server

    with ExitStack() as end:
        try:
            environment = Environment(
                list(specs),
                flags=flags,
                seeder=seeder,
                tenants=options["spaces"],
                seed=options["id_seed"],
                byte_limit=options["journal_mb"] * 1024 * 1024,
                schemas=[schema_file(text) for text in options["schemas"]],
            )
            certificates = None
            if options["tls"]:
                certificates = Certificates([*_LOOPBACK_NAMES, *_names(options)])
                end.callback(certificates.close)
            server = Server(
                environment,
                host=options["host"],
                port=options["port"],
                port_per_target=options["port_per_target"],
                public_host=options["expose"],
                certificates=certificates,
            )
            server.start()
            end.callback(server.stop)
        except BadSeed as error:
            raise Refused(f"{options['seed_file']}: {error}") from None
        except (PortTaken, BadSchema) as error:
            raise Refused(str(error)) from None
        ended = _told_to_end()
        _announce(environment, certificates, as_json=options["as_json"])
        collect_rarely()
        ended.wait()
        gc.freeze()  # the process ends: searching the state of every tenant for garbage would only delay that


def _announce(environment: Any, certificates: Any, *, as_json: bool) -> None:
    from provcheck.mock_targets.serving import ready_message

    ca_file = certificates.ca_file if certificates else None
    if as_json:
        click.echo(ready_message.as_line(environment, ca_file))
    else:
        ready_message.show(environment, ca_file)
    for name in environment.names:
        environment.main.app(name)  # built now, so that the first request does not wait for it


def _told_to_end() -> threading.Event:
    """An event that is set when the process is asked to end."""
    ended = threading.Event()
    hangup = [signal.SIGHUP] if hasattr(signal, "SIGHUP") else []  # a terminal that was closed
    for number in (signal.SIGTERM, signal.SIGINT, *hangup):
        signal.signal(number, lambda *_: ended.set())
    return ended


def _specs(names: Sequence[str]) -> dict[str, TargetSpec]:
    try:
        return {name: registry.find(name) for name in dict.fromkeys(names or registry.names())}
    except registry.UnknownTarget as error:
        raise Refused(str(error)) from None


def _known(specs: Mapping[str, TargetSpec], name: str) -> TargetSpec:
    if name not in specs:
        raise registry.UnknownTarget(f"{name!r} is not served; served: {', '.join(specs)}")
    return specs[name]


def _addressed(specs: Mapping[str, TargetSpec], place: str) -> list[tuple[str, Flag]]:
    """The flags that `TARGET.FLAG`, or `FLAG` for every target that has it, names. Raises FlagError, UnknownTarget."""
    target, dot, name = place.partition(".")
    if dot:
        return [(target, Flags(_known(specs, target).flags).flag(name))]
    found = [(name, each) for name, spec in specs.items() for each in spec.flags if each.name == place]
    if not found:
        raise FlagError(f"no served target has a flag {place!r}")
    return found


def _halves(text: str, usage: str) -> tuple[str, str]:
    left, equals, right = text.partition("=")
    if not equals or not left:
        raise FlagError(f"{usage}, not {text!r}")
    return left, right


def _names(options: Mapping[str, Any]) -> list[str]:
    """Names beyond the loopback that the certificate is for."""
    unspecific = ("0.0.0.0", "::")  # noqa: S104  # recognised, never chosen
    return [name for name in (options["expose"], options["host"]) if name and name not in unspecific]
