"""What a client says about itself: its name, and what it sets out to do."""

from __future__ import annotations

from dataclasses import dataclass

from provcheck.harness.contract.abilities import ABILITIES


@dataclass(frozen=True, slots=True)
class Description:
    """A client as it describes itself. `targets` are the kinds of connection it can serve; None means any."""

    name: str
    version: str = ""
    capabilities: frozenset[str] = frozenset(ABILITIES)
    targets: frozenset[str] | None = None

    @property
    def title(self) -> str:
        """Name and version, for people."""
        return f"{self.name} {self.version}".strip()

    def offers(self, capability: str) -> bool:
        """Whether the client names this capability."""
        return capability in self.capabilities

    def serves(self, kind: str) -> bool:
        """Whether the client can serve a connection of this kind."""
        return self.targets is None or kind in self.targets


EVERYTHING = Description("client")
"""A client that sets out to do everything."""
