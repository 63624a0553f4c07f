"""A provisioning client for SCIM 2.0 on top of scim2-client, that speaks the provcheck client contract.

pip install 'scim2-client[httpx2]'
provcheck check --client 'python3 examples/python_client/client.py' --target scim
"""

from __future__ import annotations

from typing import Any

from groups import Groups
from rpc import serve
from rule import ExternalGroup, impacted_groups, impacted_users, mapped
from scim import Scim
from users import Users

RECOMMENDED_GROUPS = 1000
Json = dict[str, Any]


class Client:
    """One method for each method of the contract."""

    def describe(self, contract: int) -> Json:
        """Who this is, and what it sets out to do."""
        return {
            "contract": 1,
            "name": "python example",
            "version": "1.0",
            "targets": ["scim"],
            "capabilities": [
                *("create", "update", "disable", "delete", "rename_user", "match_by_email", "retries", "switches"),
                *("rules", "groups", "memberships", "merge_or_overwrite", "rename_group"),
                *("summary", "resync", "orphans", "warnings", "guards_source"),
            ],
        }

    def configure(self, connection: Json, rule: Json, fresh: bool) -> None:  # noqa: FBT001 - the contract's keyword
        """Use this connection and rule from now on."""
        self.rule, self.scim = rule, Scim(connection)
        if fresh:
            self.users, self.groups = Users(), Groups()
            self.told: list[str] = []

    def apply(self, population: Json, changes: Json | None) -> Json:
        """Bring the target in line; what changed is found by comparing."""
        return self._run(population, full=False)

    def resync(self, population: Json) -> Json:
        """A Full Resync."""
        return self._run(population, full=True)

    def _run(self, population: Json, *, full: bool) -> Json:
        if not self.rule["enabled"]:
            return {}
        try:
            groups = impacted_groups(self.rule, population)
        except ExternalGroup as error:
            return {"refused": str(error)}
        many = len(groups) > RECOMMENDED_GROUPS
        self.told = [f"the rule selects {len(groups)} groups; {RECOMMENDED_GROUPS} are recommended"] if many else []
        users = [mapped(self.rule, user) for user in impacted_users(self.rule, population)]
        self.users.sync(users, self.scim, full=full)
        if self.scim.connection["supports_groups"]:
            self.groups.sync(groups, self.users, self.scim, full=full)
        self.users.deprovision(users, self.scim)
        return {}

    def summary(self) -> Json:
        """The sync summary."""
        if not self.rule["enabled"]:
            return {"summary": None}
        groups = self.groups.counters() if self.scim.connection["supports_groups"] else None
        return {"summary": {"users": self.users.counters(), "groups": groups}}

    def orphans(self) -> Json:
        """Leavers whom the target keeps."""
        return {"orphans": sorted(self.users.orphans)}

    def warnings(self) -> Json:
        """What is not recommended."""
        return {"warnings": self.told}

    def close(self) -> None:
        """The scenario is over."""


if __name__ == "__main__":
    serve(Client())
