"""The description of a client: its name, version, capabilities and targets."""

from __future__ import annotations

from dataclasses import dataclass

from provcheck.harness.contract.client_capabilities import CLIENT_CAPABILITIES


@dataclass(frozen=True, slots=True)
class Description:
    """A client's description of itself. `targets` are the kinds of connection it can serve; None means any."""

    name: str
    version: str = ""
    capabilities: frozenset[str] = frozenset(CLIENT_CAPABILITIES)
    targets: frozenset[str] | None = None

    @property
    def title(self) -> str:
        """Name and version, for reports."""
        return f"{self.name} {self.version}".strip()

    def offers(self, capability: str) -> bool:
        """Whether the client names this capability."""
        return capability in self.capabilities

    def serves(self, kind: str) -> bool:
        """Whether the client can serve a connection of this kind."""
        return self.targets is None or kind in self.targets


EVERYTHING = Description("client")
"""The description of a client with every capability."""
