"""The ready message of `provcheck serve`: one line of JSON, or text with commands to copy."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import Any

from provcheck.mock_targets.environment import Environment
from provcheck.mock_targets.exports import as_shell, main_url, variables
from provcheck.mock_targets.http import json
from provcheck.mock_targets.target.target import Target


def as_line(environment: Environment, ca_file: Path | None) -> str:
    """URLs, tokens and process id as one line of JSON."""
    ready: dict[str, Any] = {
        "control": {"url": environment.control_url(), "token": environment.control_token},
        "targets": {name: _access(target) for name, target in environment.targets.items()},
        "pid": os.getpid(),
    }
    if ca_file:
        ready["ca_file"] = str(ca_file)
    return json.write(ready).decode()


def _access(target: Target) -> dict[str, str]:
    access = {**target.urls(), "token": target.token}
    if target.token_url is not None:
        access |= {"client_id": target.tokens.client_id, "client_secret": target.tokens.client_secret}
    return access


def show(environment: Environment, ca_file: Path | None) -> None:
    """Print the same as text, with commands to copy."""
    from rich.console import Console  # late: not needed for JSON

    console = Console(highlight=False, soft_wrap=True, markup=True)
    count = len(environment.targets)
    console.print(f"[bold]{count} target{'s' * (count != 1)} ready.[/] Ctrl-C ends {'it' if count == 1 else 'them'}.\n")
    for target in environment.targets.values():
        _show_target(console, target, ca_file)
    _show_control(console, environment, ca_file)
    _show_exports(console, environment, ca_file)
    if environment.serves_tenants:
        console.print(f"[bold]spaces[/]\n  {environment.url}/~NAME/... is a separate copy, created on first use\n")
    if ca_file:
        console.print(f"[bold]certificate authority[/]\n  {ca_file}")


def _show_target(console: Any, target: Target, ca_file: Path | None) -> None:
    console.print(f"[bold cyan]{target.name}[/]  [dim]{target.spec.title}[/]")
    for label, value in _access(target).items():
        _row(console, label, value)
    _row(console, "try", _curl(main_url(target) + target.spec.sample_path, target.token, ca_file))
    console.print()


def _show_control(console: Any, environment: Environment, ca_file: Path | None) -> None:
    name = environment.names[0]
    console.print("[bold cyan]control[/]  [dim]flags, faults, seeds, snapshots and journals of every target[/]")
    _row(console, "url", environment.control_url())
    _row(console, "token", environment.control_token)
    url = f"{environment.control_url()}/targets/{name}"
    switch = (
        "-X",
        "PATCH",
        "-H",
        "Content-Type: application/json",
        "-d",
        '{"allows_create_users": false}',
    )
    _row(console, "look", _curl(url, environment.control_token, ca_file))
    _row(console, "switch", _curl(f"{url}/flags", environment.control_token, ca_file, *switch))
    console.print()


def _show_exports(console: Any, environment: Environment, ca_file: Path | None) -> None:
    access = {"control_url": environment.control_url(), "control_token": environment.control_token}
    console.print("[bold cyan]shell[/]  [dim]the same as environment variables, to copy[/]")
    for name, value in variables(environment.targets, **access, ca_file=ca_file).items():
        console.print(f"  {as_shell(name, value)}", markup=False)
    console.print()


def _row(console: Any, label: str, text: str) -> None:
    console.print(f"  [dim]{label:<13}[/]", end="")
    console.print(text, markup=False)


def _curl(url: str, token: str, ca_file: Path | None, *more: str) -> str:
    trust = ("--cacert", str(ca_file)) if ca_file else ()
    return shlex.join(["curl", *trust, "-H", f"Authorization: Bearer {token}", *more, url])
