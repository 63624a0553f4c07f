// An event driven client: it folds the changes that it is told of into its own copy of the source, looks up whom they
// concern with POST .search, and speaks the contract on standard input and output.

import { createInterface } from "node:readline";
import { External, chosenGroups, chosenUsers, wordsOf } from "./accounts.mjs";
import { Groups } from "./groups.mjs";
import { Users } from "./users.mjs";
import { Ended, Wire } from "./wire.mjs";

const MANY_GROUPS = 1000;
const NOTHING = { source: { users: [], groups: [] }, users: { lines: [], orphans: {} }, groups: { lines: [], current: [] } };

class Client {
  describe() {
    const capabilities = ["create", "update", "disable", "delete", "rename_user", "match_by_email", "retries", "switches"];
    capabilities.push("rules", "groups", "memberships", "merge_or_overwrite", "rename_group", "summary", "resync");
    capabilities.push("restart", "orphans", "warnings");
    return { contract: 1, name: "events", version: "1", targets: ["scim", "slack", "github_emu"], capabilities };
  }

  configure({ connection, rule, fresh }) {
    const stored = fresh ? NOTHING : this.stored();
    Object.assign(this, { connection, rule });
    if (fresh) this.told = [];
    this.load(stored);
  }

  restart() {
    this.load(JSON.parse(JSON.stringify(this.stored())));
  }

  stored() {
    return { source: this.source, users: this.users.stored(), groups: this.groups.stored() };
  }

  load({ source, users, groups }) {
    const wire = new Wire(this.connection);
    this.source = source;
    this.users = new Users(wire, this.connection, structuredClone(users));
    this.groups = new Groups(wire, this.connection, structuredClone(groups));
  }

  apply({ population, changes }) {
    this.source = changes ? folded(this.source, changes) : population;
    return this.run(false);
  }

  resync({ population }) {
    this.source = population;
    return this.run(true);
  }

  async run(full) {
    if (!this.rule.enabled) return {};
    let groups;
    try {
      groups = chosenGroups(this.rule, this.source);
    } catch (error) {
      if (error instanceof External) return { refused: error.message };
      throw error;
    }
    const many = `${groups.length} groups are selected; at most ${MANY_GROUPS} are recommended`;
    this.told = groups.length > MANY_GROUPS ? [many] : [];
    const wanted = new Map(chosenUsers(this.rule, this.source).map((user) => [user.id, wordsOf(this.rule, user)]));
    try {
      await this.users.sync(wanted, full);
      await this.users.leave(wanted);
      const accounts = [...this.users.lines].filter(([, line]) => line.id).map(([id, line]) => [id, line.id]);
      if (this.connection.supports_groups) await this.groups.sync(groups, new Map(accounts), full);
    } catch (error) {
      if (!(error instanceof Ended)) throw error; // else the next run goes on
    }
    return {};
  }

  summary() {
    if (!this.rule.enabled) return { summary: null };
    const groups = this.connection.supports_groups ? this.groups.counters() : null;
    return { summary: { users: this.users.counters(), groups } };
  }

  orphans() {
    return { orphans: Object.keys(this.users.orphans).sort() };
  }

  warnings() {
    return { warnings: this.told };
  }

  close() {}
}

// The source after these changes.
function folded(source, changes) {
  const fold = (known, { put, removed }) => {
    const all = new Map(known.map((each) => [each.id, each]));
    for (const each of put) all.set(each.id, each);
    for (const id of removed) all.delete(id);
    return [...all.values()];
  };
  return { users: fold(source.users, changes.users), groups: fold(source.groups, changes.groups) };
}

const client = new Client();
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line);
  let answer;
  try {
    answer = { result: (await client[method](params)) ?? {} };
  } catch (error) {
    console.error(error);
    answer = { error: { code: -32000, message: String(error) } };
  }
  process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...answer })}\n`);
  if (method === "close") break;
}
