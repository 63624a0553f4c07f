// Users: where each stands (its base), and how it gets there. A switch of the connection withholds,
// which is no failure; an error of the target is a failure, and is never counted as withheld.

import { Refused, patiently } from "./scim.mjs";

const sameText = (one, other) => (one ?? "").toLowerCase() === (other ?? "").toLowerCase();

/** What a source user looks like at the target. */
function mapped(user) {
  const name = { givenName: user.given_name || undefined, familyName: user.family_name || undefined };
  return {
    userName: user.user_name,
    externalId: user.external_id,
    name,
    displayName: user.display_name || undefined,
    emails: user.email ? [{ value: user.email, type: "work", primary: true }] : undefined,
    active: user.active,
  };
}

/** The PATCH operations that make an account equal to a user, but for turning it off. */
function differences(user, account) {
  const put = (path, value) => ({ op: "replace", path, value });
  const operations = [];
  const texts = { "name.givenName": user.given_name, "name.familyName": user.family_name };
  if (!sameText(user.user_name, account.userName)) operations.push(put("userName", user.user_name));
  if (user.external_id !== account.externalId) operations.push(put("externalId", user.external_id));
  for (const [path, value] of Object.entries(texts)) {
    if (value && value !== account.name?.[path.slice(5)]) operations.push(put(path, value));
  }
  if (user.display_name && user.display_name !== account.displayName) {
    operations.push(put("displayName", user.display_name));
  }
  const emails = account.emails ?? [];
  if (user.email && !emails.some((each) => sameText(each.value, user.email))) {
    const others = emails.filter((each) => each.type !== "work").map((each) => ({ ...each, primary: false }));
    operations.push(put("emails", [...others, { value: user.email, type: "work", primary: true }]));
  }
  if (user.active && account.active === false) operations.push(put("active", true));
  return operations;
}

export class Users {
  constructor() {
    this.lines = new Map(); // source id -> { base, stale, account, seen }
    this.orphans = new Map(); // source id -> id of the account that was left behind
  }

  async sync(scope, scim, { full }) {
    scim.forget();
    for (const user of scope) {
      const line = this.lines.get(user.id) ?? { base: "PENDING", stale: false, account: null, seen: null };
      this.lines.set(user.id, line);
      const seen = JSON.stringify(user);
      if (!full && line.seen === seen) continue;
      line.seen = seen;
      try {
        await this.evaluate(user, line, scim).catch((error) => {
          if (error.status !== 404) throw error;
          return this.evaluate(user, line, scim); // it was there a moment ago: look again, once
        });
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        Object.assign(line, { base: "FAILED", stale: false });
      }
    }
  }

  async evaluate(user, line, scim) {
    const known = line.account && (await scim.read(`${scim.users}/${line.account}`));
    const account = known ?? (await this.lookUp(user, scim));
    line.account = account?.id ?? null;
    if (account) await this.reconcile(user, line, account, scim);
    else if (!scim.connection.create_users) Object.assign(line, { base: "UNSYNCED", stale: false });
    else await this.create(user, line, scim);
  }

  async lookUp(user, scim) {
    const byEmail = scim.connection.unique_user_identifier === "workEmail";
    const wanted = byEmail ? user.email : user.user_name;
    const names = (account) => (byEmail ? (account.emails ?? []).map((each) => each.value) : [account.userName]);
    const found = await scim.findUsers(wanted, (account) => names(account).some((name) => sameText(name, wanted)));
    if (found.length > 1) throw new Refused(409, `${found.length} accounts match ${user.user_name}`);
    return found[0] ?? null;
  }

  /** A create that went wrong may have been done all the same: look before trying again. */
  async create(user, line, scim) {
    const { account, existed } = await patiently(async (attempt) => {
      if (attempt > 1) scim.forget();
      const found = attempt > 1 ? await this.lookUp(user, scim) : null;
      if (found) return { account: found, existed: true };
      try {
        const made = await scim.createUser(mapped(user));
        if (made?.id) return { account: made, existed: false };
        scim.forget(); // taken, but not told as what: perhaps it is there by now
        const there = await this.lookUp(user, scim);
        if (!there) throw new Refused(202, `${user.user_name} was accepted and is not there yet`);
        return { account: there, existed: true };
      } catch (error) {
        const taken = error.status === 409 ? await this.lookUp(user, scim) : null;
        if (!taken) throw error;
        return { account: taken, existed: true };
      }
    });
    line.account = account.id;
    if (existed) await this.reconcile(user, line, account, scim);
    else Object.assign(line, { base: "SYNCED", stale: false });
  }

  async reconcile(user, line, account, scim) {
    const { update_users: mayUpdate, disable_users: mayDisable } = scim.connection;
    const operations = differences(user, account);
    const turnOff = !user.active && account.active !== false;
    if (operations.length && mayUpdate) await scim.change(scim.users, account.id, operations);
    if (turnOff && mayDisable) await this.turnOff(account.id, scim);
    const withheld = (operations.length && !mayUpdate) || (turnOff && !mayDisable);
    if (!withheld) Object.assign(line, { base: "SYNCED", stale: false });
    else if (line.base === "SYNCED") line.stale = true;
    else Object.assign(line, { base: "LINKED", stale: false });
  }

  turnOff(id, scim) {
    return scim.change(scim.users, id, [{ op: "replace", path: "active", value: false }]);
  }

  /** Those who left the scope leave every counter; whom the target keeps is an orphan, and tried again each time. */
  async deprovision(scope, scim) {
    const kept = new Set(scope.map((user) => user.id));
    const believed = kept.size > 0 || this.lines.size < 2; // a source without anybody is more likely broken than meant
    for (const id of kept) this.orphans.delete(id);
    for (const [id, line] of this.lines) {
      if (kept.has(id)) continue;
      this.lines.delete(id);
      if (believed && line.account && scim.connection.deprovision_users) this.orphans.set(id, line.account);
    }
    for (const [id, account] of this.orphans) {
      try {
        if (scim.connection.remove_action === "Delete") await scim.remove(scim.users, account);
        else if ((await scim.read(`${scim.users}/${account}`))?.active !== false) await this.turnOff(account, scim);
        this.orphans.delete(id);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (error.status === 404) this.orphans.delete(id);
      }
    }
  }

  counters() {
    const lines = [...this.lines.values()];
    const count = (base) => lines.filter((line) => line.base === base).length;
    return {
      impacted: lines.length,
      success: count("SYNCED"),
      unsynced: count("UNSYNCED"),
      partially_synced: count("LINKED") + lines.filter((line) => line.base === "SYNCED" && line.stale).length,
      failed: count("FAILED"),
    };
  }
}
