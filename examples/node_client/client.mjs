// A provisioning client for SCIM 2.0 in Node 20, without dependencies, that speaks the provcheck client contract.
//
//   provcheck check --client 'node examples/node_client/client.mjs' --target scim

import { Groups } from "./groups.mjs";
import { serve } from "./rpc.mjs";
import { impactedGroups, impactedUsers, mapped } from "./rule.mjs";
import { Scim } from "./scim.mjs";
import { Users } from "./users.mjs";

const RECOMMENDED_GROUPS = 1000;

class Client {
  describe() {
    return {
      contract: 1,
      name: "node example",
      version: "1.0",
      targets: ["scim"],
      capabilities: [
        ...["create", "update", "disable", "delete", "rename_user", "match_by_email", "no_filters"],
        ...["retries", "switches", "rules", "groups", "memberships", "merge_or_overwrite", "rename_group"],
        ...["summary", "resync", "orphans", "warnings", "guards_source"],
      ],
    };
  }

  configure({ connection, rule, fresh }) {
    if (fresh) Object.assign(this, { users: new Users(), groups: new Groups(), told: [] });
    Object.assign(this, { rule, scim: new Scim(connection) });
  }

  apply({ population }) {
    return this.run(population, { full: false });
  }

  resync({ population }) {
    return this.run(population, { full: true });
  }

  async run(population, how) {
    if (!this.rule.enabled) return {};
    const { groups, external } = impactedGroups(this.rule, population);
    if (external) return { refused: `group ${external.name} is external, and external groups cannot be synced` };
    const many = groups.length > RECOMMENDED_GROUPS;
    this.told = many ? [`the rule selects ${groups.length} groups; ${RECOMMENDED_GROUPS} are recommended`] : [];
    const users = impactedUsers(this.rule, population).map((user) => mapped(this.rule, user));
    await this.users.sync(users, this.scim, how);
    if (this.scim.connection.supports_groups) await this.groups.sync(groups, this.users, this.scim, how);
    await this.users.deprovision(users, this.scim);
    return {};
  }

  summary() {
    if (!this.rule.enabled) return { summary: null };
    const groups = this.scim.connection.supports_groups ? this.groups.counters() : null;
    return { summary: { users: this.users.counters(), groups } };
  }

  orphans() {
    return { orphans: [...this.users.orphans.keys()] };
  }

  warnings() {
    return { warnings: this.told };
  }

  close() {
    return {};
  }
}

await serve(new Client());
