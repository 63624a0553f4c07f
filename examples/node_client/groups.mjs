// Groups and their members. A membership is attempted once the user has an account; until then it
// waits, and that is no error.

import { Refused, patiently } from "./scim.mjs";

const CHUNK = 100;

export class Groups {
  constructor() {
    this.lines = new Map(); // source id -> { remote, seen, ownFailed, failed, present, written }
  }

  async sync(scope, users, scim, { full }) {
    const kept = new Set(scope.map((group) => group.id));
    for (const id of this.lines.keys()) if (!kept.has(id)) this.lines.delete(id);
    for (const group of scope) {
      const line = this.lines.get(group.id) ?? {
        remote: null,
        seen: null,
        ownFailed: false,
        failed: new Set(),
        present: new Set(),
        written: new Set(),
      };
      this.lines.set(group.id, line);
      const wanted = new Set(group.members.map((id) => users.lines.get(id)?.account).filter(Boolean));
      const waiting = [...wanted].some((id) => !line.present.has(id) && !line.failed.has(id));
      const seen = JSON.stringify(group);
      if (!full && line.remote && line.seen === seen && !waiting) continue;
      const fresh = full || !line.remote;
      line.seen = seen;
      await this.write(group, line, wanted, scim, fresh);
    }
  }

  async write(group, line, wanted, scim, fresh) {
    let remote;
    line.ownFailed = false;
    try {
      remote = await this.ensure(group, line, scim);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      line.ownFailed = true;
      return;
    }
    line.remote = remote.id;
    if (scim.connection.membership_style === "group") await this.writeMembers(line, remote, wanted, scim, fresh);
  }

  async ensure(group, line, scim) {
    const known = line.remote && (await scim.read(`${scim.groups}/${line.remote}`));
    const remote = known ?? (await this.lookUp(group, scim)) ?? (await this.create(group, scim));
    if (remote.displayName !== group.name) {
      await scim.change(scim.groups, remote.id, [{ op: "replace", path: "displayName", value: group.name }]);
    }
    return remote;
  }

  async lookUp(group, scim) {
    const found = await scim.findGroups(group.name);
    if (found.length > 1) throw new Refused(409, `${found.length} groups are called ${group.name}`);
    return found.length ? scim.read(`${scim.groups}/${found[0].id}`) : null;
  }

  create(group, scim) {
    return patiently(async (attempt) => {
      const made = attempt > 1 ? await this.lookUp(group, scim) : null;
      return made ?? scim.createGroup({ displayName: group.name, externalId: group.external_id });
    });
  }

  async writeMembers(line, remote, wanted, scim, fresh) {
    const held = new Set((remote.members ?? []).map((member) => member.value));
    const overwrites = fresh && scim.connection.group_membership_handling === "Overwrite";
    const surplus = [...held].filter((id) => !wanted.has(id) && (overwrites || line.written.has(id)));
    const missing = [...wanted].filter((id) => !held.has(id));
    line.failed.clear();
    line.present = held;
    for (const id of await this.edit("add", remote.id, missing, line, scim)) {
      line.present.add(id);
      line.written.add(id);
    }
    for (const id of await this.edit("remove", remote.id, surplus, line, scim)) {
      line.present.delete(id);
      line.written.delete(id);
    }
  }

  /** Sends members in chunks; a chunk that is refused goes one by one. Gives those that got through. */
  async edit(op, group, ids, line, scim) {
    const size = Math.min(CHUNK, scim.connection.members_per_request ?? CHUNK);
    const done = [];
    for (let start = 0; start < ids.length; start += size) {
      const chunk = ids.slice(start, start + size);
      const parts = (await this.sent(op, group, chunk, scim)) ? [] : chunk;
      if (!parts.length) done.push(...chunk);
      for (const id of parts) {
        if (parts.length > 1 && (await this.sent(op, group, [id], scim))) done.push(id);
        else line.failed.add(id);
      }
    }
    return done;
  }

  async sent(op, group, ids, scim) {
    const one = (id) => ({ op: "remove", path: `members[value eq "${id}"]` });
    const adding = [{ op: "add", path: "members", value: ids.map((value) => ({ value })) }];
    try {
      await scim.change(scim.groups, group, op === "add" ? adding : ids.map(one));
      const there = await scim.read(`${scim.groups}/${group}`); // some targets accept a member and drop it
      const members = new Set((there?.members ?? []).map((member) => member.value));
      return ids.every((id) => members.has(id) === (op === "add"));
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      return false;
    }
  }

  counters() {
    const lines = [...this.lines.values()];
    const failed = lines.filter((line) => line.ownFailed || line.failed.size).length;
    const impacted = lines.length;
    return { impacted, success: impacted - failed, unsynced: 0, partially_synced: 0, failed };
  }
}
