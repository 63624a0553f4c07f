"""`provcheck serve`: reads the options, serves the targets, and prints their URLs.

Invalid options are one line on stderr and exit code 2, before any port is opened.
"""

from __future__ import annotations

import gc
import signal
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any, TextIO

import click

from provcheck.mock_targets.commands import child_process
from provcheck.mock_targets.commands.options import (
    SchemaOption,
    certificate_names,
    check_address,
    check_ports,
    check_token,
    find_specs,
    is_loopback,
    read_faults,
    read_flags,
    read_seed,
    schema_file,
)
from provcheck.mock_targets.commands.parameters import ReadFile, StrictCommand, Whole, WrittenFile
from provcheck.mock_targets.commands.refused import Refused
from provcheck.mock_targets.target.seeding import BadSeed
from provcheck.mock_targets.target.target import BadSchema, Target, TargetSpec


class _ServeCommand(StrictCommand):
    """A command that takes another one after `--`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        own, dashes, after = _split(args)
        if dashes and not after:
            raise Refused("name the command to run after --")
        rest = super().parse_args(ctx, own)
        ctx.params["command"] = tuple(after)
        return rest

    def collect_usage_pieces(self, ctx: click.Context) -> list[str]:
        return [*super().collect_usage_pieces(ctx), "[-- COMMAND...]"]


class _LogFile(WrittenFile):
    """A file, or - for standard error."""

    def files(self, value: Any) -> Iterator[str]:
        """Yield the file, if it is one."""
        if value != "-":
            yield value


def _split(args: list[str]) -> tuple[list[str], bool, list[str]]:
    if "--" not in args:
        return args, False, []
    place = args.index("--")
    return args[:place], True, args[place + 1 :]


@click.command(cls=_ServeCommand, short_help="Serve mock targets for a provisioning client.")
@click.argument("targets", nargs=-1, metavar="[TARGET]...")
@click.option("--host", metavar="ADDRESS", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port", metavar="PORT", default=8080, show_default=True, type=Whole(0, 65_535), help="0 selects a free one."
)
@click.option("--port-per-target", is_flag=True, help="Serve each target on a port of its own as well, after PORT.")
@click.option("--expose", metavar="NAME", help="Host name in URLs; required if HOST is reached from other machines.")
@click.option("--public-url", metavar="URL", help="URL under which a tunnel or a container's port reaches this server.")
@click.option("--set", "settings", multiple=True, metavar="[TARGET.]FLAG=VALUE", help="Set a flag; repeatable.")
@click.option(
    "--profile", "profiles", multiple=True, metavar="TARGET=PRESET", help="Set the flags and faults of a preset."
)
@click.option(
    "--fault",
    "faults",
    multiple=True,
    metavar="TARGET=NAME[:ENTITY] [FIELD=VALUE]...",
    help="Arm a fault at the start, named or described by its fields; repeatable.",
)
@click.option(
    "--seed",
    "seed_file",
    metavar="FILE",
    type=ReadFile(),
    help="Users and groups at the start (JSON, core attributes).",
)
@click.option(
    "--schema",
    "schemas",
    multiple=True,
    metavar="FILE[:KIND]",
    type=SchemaOption(),
    help="Custom attributes of a User, or KIND; repeatable.",
)
@click.option(
    "--json", "as_json", is_flag=True, help="Print one line of JSON when ready, before COMMAND, and nothing else."
)
@click.option("--spaces", is_flag=True, help="Serve isolated copies under /~NAME/TARGET/, created on first use.")
@click.option("--tls", is_flag=True, help="Serve https, with a certificate authority generated for this run.")
@click.option(
    "--journal-mb",
    default=64,
    show_default=True,
    metavar="MB",
    type=Whole(1, 65_536),
    help="Memory of the journals and cursors of all targets together; the oldest of the fullest go first.",
)
@click.option(
    "--id-seed", type=Whole(-(2**63), 2**63 - 1), metavar="N", help="Seed of the ids and tokens: the same in each run."
)
@click.option(
    "--token",
    envvar="PROVCHECK_TOKEN",
    metavar="TOKEN",
    help="Token of every target, instead of a random one; better set in the environment, as PROVCHECK_TOKEN.",
)
@click.option(
    "--control-token",
    envvar="PROVCHECK_CONTROL_TOKEN",
    metavar="TOKEN",
    help="Token of the control API; better set in the environment, as PROVCHECK_CONTROL_TOKEN.",
)
@click.option(
    "--access-log", metavar="FILE", type=_LogFile(), help="Add a line for each request to FILE; - is standard error."
)
def serve(targets: tuple[str, ...], **options: Any) -> None:
    """Serve mock targets for a provisioning client: all of them, or the named ones.

    They listen on this machine only, each under its name, beside one control API that sets flags, arms faults and
    reads the journal. A FLAG given without a TARGET is set on every served target that has it. Ends with Ctrl-C, or
    with the COMMAND after --, whose environment has PROVCHECK_URL, PROVCHECK_TOKEN and the like.

    \b
      provcheck serve
      provcheck serve scim --port 0 --json
      provcheck serve scim slack --set scim.allows_delete_users=off --profile scim=okta
      provcheck serve scim --port 0 -- npm test
    """
    check_address(options["host"], options["expose"], options["public_url"])
    check_token("--token", options["token"])
    check_token("--control-token", options["control_token"])
    if options["public_url"] and options["port_per_target"]:
        raise Refused("--public-url is one URL for all targets: leave out --port-per-target")
    specs = find_specs(targets)
    check_ports(options["port"], len(specs) if options["port_per_target"] else 0)
    flags = read_flags(specs, options["profiles"], options["settings"])
    seeded = read_seed(options["seed_file"], specs) if options["seed_file"] else {}
    seeder = {**seeded, **read_faults(specs, options["profiles"], options["faults"], seeded)}
    sys.exit(_run(specs, flags, seeder, options))


def _run(
    specs: Mapping[str, TargetSpec], flags: Any, seeder: Mapping[str, Callable[[Target], object]], options: Any
) -> int:
    """Serve until asked to end, or until the command has ended; the exit code."""
    ended = _told_to_end()  # before there is a private key that a signal could leave behind
    with ExitStack() as end:
        environment, ca_file = _started(specs, flags, seeder, options, end)
        if options["as_json"] or not options["command"]:
            _announce(environment, ca_file, as_json=options["as_json"])
        if options["command"]:
            sys.stdout.flush()
            from provcheck.mock_targets import exports

            access = {"control_url": environment.control_url(), "control_token": environment.control_token}
            found = exports.variables(environment.targets, **access, ca_file=ca_file)
            return child_process.run(options["command"], found)
        child_process.wait(ended)
        gc.freeze()  # the process ends: searching the state of every tenant for garbage would only delay that
    return 0


def _started(
    specs: Mapping[str, TargetSpec], flags: Any, seeder: Any, options: Mapping[str, Any], end: ExitStack
) -> tuple[Any, Any]:
    """The environment, which is served until `end`, and the file of its certificate authority, if any."""
    from provcheck.mock_targets.environment import Environment  # late: the options are valid, it will be needed
    from provcheck.mock_targets.serving.certificates import Certificates
    from provcheck.mock_targets.serving.process import collect_rarely, use_one_heap
    from provcheck.mock_targets.serving.server import PortTaken, Server

    use_one_heap()
    host, expose, public_url = options["host"], options["expose"], options["public_url"]
    is_private = is_loopback(host) and expose is None and public_url is None
    try:
        environment = Environment(
            list(specs),
            flags=flags,
            seeder=seeder,
            tenants=options["spaces"],
            seed=options["id_seed"],
            token=options["token"],
            control_token=options["control_token"],
            seeded_tokens=options["id_seed"] is not None and is_private,
            byte_limit=options["journal_mb"] * 1024 * 1024,
            schemas=[schema_file(text) for text in options["schemas"]],
        )
        certificates = None
        if options["tls"]:
            certificates = Certificates(certificate_names(host, expose, public_url))
            end.callback(certificates.close)
        server = Server(
            environment,
            host=host,
            port=options["port"],
            port_per_target=options["port_per_target"],
            public_host=expose,
            public_url=public_url,
            certificates=certificates,
            access_log=_access_log(options["access_log"], end),
        )
        server.start()
        end.callback(server.stop)
    except BadSeed as error:
        raise Refused(f"{options['seed_file']}: {error}") from None
    except (PortTaken, BadSchema) as error:
        raise Refused(str(error)) from None
    for name in environment.names:
        environment.main.app(name)  # built now, so that the first request does not wait for it
    collect_rarely()
    return environment, certificates.ca_file if certificates else None


def _access_log(file: str | None, end: ExitStack) -> TextIO | None:
    if file is None:
        return None
    if file == "-":
        return sys.stderr
    try:
        return end.enter_context(open(file, "a", encoding="utf-8"))  # noqa: PTH123 - a name, as the user gave it
    except OSError as error:
        raise Refused(f"cannot write {file}: {error.strerror}") from None


def _announce(environment: Any, ca_file: Any, *, as_json: bool) -> None:
    from provcheck.mock_targets.serving import ready_message

    if as_json:
        click.echo(ready_message.as_line(environment, ca_file))
    else:
        ready_message.show(environment, ca_file)


def _told_to_end() -> child_process.Ending:
    """Whether the process was asked to end by a signal."""
    ended = child_process.Ending()
    for number in child_process.ending_signals():
        signal.signal(number, lambda *_: ended.set())
    return ended
