// Groups: found by name once, then known by id; memberships of the users who have an account.

import { GROUP, PATCH, escaped } from "./accounts.mjs";
import { Ended, Refused, Unsure, sleep } from "./wire.mjs";

const LOOKS = 5;
const PAUSE = 100;
const GONE = new Set([404, 410]);
const NEW = { id: null, name: "", base: "pending", blind: false, tried: [], ours: [] };

export class Groups {
  constructor(wire, connection, { lines, current }) {
    Object.assign(this, { wire, connection, path: connection.groups_resource, current: new Set(current) });
    this.lines = new Map(lines);
  }

  stored() {
    return { lines: [...this.lines], current: [...this.current] };
  }

  // `accounts`: source id of a user -> account.
  async sync(groups, accounts, full) {
    this.current = new Set(groups.map((group) => group.id));
    const due = [];
    for (const group of groups) {
      if (!this.lines.has(group.id)) this.lines.set(group.id, structuredClone(NEW));
      const line = this.lines.get(group.id);
      const members = [...new Set(group.members)].filter((id) => accounts.has(id)).map((id) => accounts.get(id));
      const changed = line.name !== group.name || JSON.stringify(line.tried) !== JSON.stringify(members);
      if (full || line.base !== "synced" || changed) due.push([group, line, members]);
    }
    for (const [place, [group, line, members]] of due.entries()) {
      try {
        await this.evaluate(group, line, members, full || !line.id);
      } catch (error) {
        if (error instanceof Ended) for (const [, other] of due.slice(place)) other.base = "failed";
        if (!(error instanceof Refused)) throw error;
        line.base = "failed";
      }
    }
  }

  async evaluate(group, line, members, fresh) {
    let found = line.id ? await this.fetch(line.id) : null;
    let made = false;
    if (!found) {
      Object.assign(line, { id: null, ours: [] });
      [found, made] = await this.obtain(group);
    }
    line.id = found.id;
    if ("displayName" in found && found.displayName !== group.name) {
      await this.patch(found.id, [{ op: "replace", path: "displayName", value: group.name }]);
    }
    Object.assign(line, { name: group.name, tried: members, base: "synced" });
    if (this.connection.membership_style === "group") await this.writeMembers(line, found, members, fresh, made);
  }

  // The group of this id; a new one may be unknown for a while.
  async fetch(id, isNew = false) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.wire.ask("GET", this.at(id));
      } catch (error) {
        if (!(error instanceof Refused) || !GONE.has(error.status)) throw error;
        if (!isNew || attempt === LOOKS) return null;
        await sleep(PAUSE * 2 ** (attempt - 1));
      }
    }
  }

  at(id) {
    return `${this.path}/${encodeURIComponent(id)}`;
  }

  // The group of this name, and whether it was made now.
  async obtain(group) {
    for (let attempt = 1; attempt <= LOOKS; attempt++) {
      const found = await this.wire.find(this.path, `displayName eq "${escaped(group.name)}"`);
      const named = found.filter((each) => String(each.displayName).toLowerCase() === group.name.toLowerCase());
      const there = new Map(named.map((each) => [each.id, each]));
      if (there.size > 1) throw new Refused(409, "more than one group of this name");
      if (there.size) return [[...there.values()][0], false];
      const body = { schemas: [GROUP], displayName: group.name, externalId: group.external_id || group.id };
      try {
        const made = await this.wire.ask("POST", this.path, body);
        if (made.id) return [{ ...body, ...made }, true];
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error instanceof Unsure ? attempt === LOOKS : error.status !== 409 || attempt > 1) throw error;
      }
      await sleep(PAUSE * 2 ** (attempt - 1));
    }
    throw new Refused(0, "the group does not show");
  }

  async patch(id, Operations) {
    await this.wire.ask("PATCH", this.at(id), { schemas: [PATCH], Operations });
  }

  async writeMembers(line, found, members, fresh, isNew) {
    const held = line.blind ? [...line.ours] : idsOf(found);
    const overwrites = fresh && this.connection.group_membership_handling === "Overwrite";
    const surplus = held.filter((id) => !members.includes(id) && (overwrites || line.ours.includes(id)));
    const missing = members.filter((id) => !held.includes(id));
    if (!missing.length && !surplus.length) return;
    const group = { id: found.id, isNew };
    const refused = [...(await this.divided(group, surplus, false)), ...(await this.divided(group, missing, true))];
    const added = missing.filter((id) => !refused.includes(id));
    refused.push(...(await this.settle(line, group, added, isNew)));
    const written = [...line.ours, ...missing.filter((id) => !refused.includes(id))];
    line.ours = [...new Set(written)].filter((id) => !surplus.includes(id));
    if (refused.length) line.base = "failed";
  }

  // Looks whether members are in, and adds once more who is not; those who are not then.
  async settle(line, group, added, isNew) {
    if (line.blind || !added.length) return [];
    let now = idsOf((await this.fetch(group.id, isNew)) ?? {});
    const again = added.filter((id) => !now.includes(id));
    if (!again.length) return [];
    const refused = await this.divided(group, again, true);
    now = idsOf((await this.fetch(group.id)) ?? {});
    line.blind = !now.length && !refused.length; // it shows nobody, and said twice that they are in
    return line.blind ? [] : again.filter((id) => !now.includes(id));
  }

  // Writes members in requests of the size that the target takes; the ids that were refused.
  async divided(group, ids, adds) {
    const most = this.connection.members_per_request ?? (ids.length || 1);
    const refused = [];
    for (let start = 0; start < ids.length; start += most) {
      refused.push(...(await this.write(group, ids.slice(start, start + most), adds)));
    }
    return refused;
  }

  // What is refused is divided until each one is refused alone.
  async write(group, ids, adds) {
    try {
      await this.send(group, ids, adds);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (!(await this.late(error, group, ids, adds))) {
        if (ids.length === 1) return ids;
        const half = ids.length >> 1;
        const first = await this.write(group, ids.slice(0, half), adds);
        return [...first, ...(await this.write(group, ids.slice(half), adds))];
      }
    }
    group.isNew = false;
    return [];
  }

  // Whether a member, or a group, that was unknown a moment ago is known now.
  async late(error, group, ids, adds) {
    const looks = error.status !== 404 ? 0 : group.isNew ? LOOKS : 1;
    for (let look = 0; look < looks; look++) {
      await sleep(PAUSE * 2 ** look);
      try {
        await this.send(group, ids, adds);
        return true;
      } catch (again) {
        if (!(again instanceof Refused)) throw again;
      }
    }
    return false;
  }

  send({ id }, ids, adds) {
    if (adds) return this.patch(id, [{ op: "add", path: "members", value: ids.map((value) => ({ value })) }]);
    return this.patch(id, ids.map((each) => ({ op: "remove", path: `members[value eq "${escaped(each)}"]` })));
  }

  counters() {
    const bases = [...this.current].map((id) => this.lines.get(id)?.base);
    const count = (base) => bases.filter((each) => each === base).length;
    const known = { success: count("synced"), unsynced: count("pending"), failed: count("failed") };
    return { impacted: bases.length, partially_synced: 0, ...known };
  }
}

function idsOf(group) {
  return (group.members ?? []).filter((each) => each?.value).map((each) => String(each.value));
}
