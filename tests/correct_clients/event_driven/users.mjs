// Users: looked up when an event concerns them, created, and patched where they differ.

import { differing, escaped, patched, read, same, written } from "./accounts.mjs";
import { Ended, Refused, Unsure, sleep } from "./wire.mjs";

const LOOKS = 5;
const PAUSE = 100;
const GONE = new Set([404, 410]);
const NEW = { id: null, base: "pending", stale: false, seen: null, passing: false, echoes: {} };

class Ambiguous extends Error {}

export class Users {
  constructor(wire, connection, { lines, orphans }) {
    Object.assign(this, { wire, connection, orphans, path: connection.users_resource });
    this.lines = new Map(lines);
  }

  stored() {
    return { lines: [...this.lines], orphans: this.orphans };
  }

  async sync(wanted, full) {
    const due = [];
    for (const [id, words] of wanted) {
      if (!this.lines.has(id)) this.lines.set(id, structuredClone(NEW));
      const line = this.lines.get(id);
      const changed = JSON.stringify(line.seen) !== JSON.stringify(words);
      if (full || changed || (line.base === "failed" && line.passing)) due.push([line, words]);
    }
    for (const [place, [line, words]] of due.entries()) {
      const fresh = full || line.base !== "synced";
      line.seen = words;
      if (full) line.stale = false;
      try {
        await this.evaluate(line, words, fresh);
      } catch (error) {
        if (error instanceof Ended) {
          for (const [other] of due.slice(place)) Object.assign(other, { base: "failed", passing: true });
        }
        if (!(error instanceof Refused || error instanceof Ambiguous)) throw error;
        const passing = [0, 401, 408, 425, 429].includes(error.status) || error.status >= 500;
        Object.assign(line, { base: "failed", stale: false, passing });
      }
    }
  }

  async evaluate(line, words, fresh) {
    let account = line.id ? await this.fetch(line.id) : null;
    if (!account) {
      line.id = null;
      account = await this.match(words, line);
    }
    if (!account) {
      if (!this.connection.create_users) return void Object.assign(line, { base: "unsynced", stale: false });
      return this.obtain(line, words, fresh);
    }
    line.id = account.id;
    try {
      await this.reconcile(line, words, account, fresh);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      const others = error.status === 409 ? await this.find(words) : [];
      if (error.status === 409 && others.every((each) => each.id === account.id)) {
        // Nobody else has the name: the conflict was not true, or is over.
        await this.reconcile(line, words, (await this.fetch(account.id)) ?? account, fresh);
      } else if (GONE.has(error.status)) {
        await this.missing(line, words, account.id, fresh);
      } else {
        throw error;
      }
    }
  }

  // The account was not found when it was to be changed: for a moment, or for good.
  async missing(line, words, id, fresh) {
    await sleep(PAUSE);
    const account = await this.fetch(id);
    if (account) await this.reconcile(line, words, account, fresh);
    else if (this.connection.create_users) await this.obtain(line, words, true);
    else Object.assign(line, { id: null, base: "unsynced", stale: false });
  }

  async obtain(line, words, fresh) {
    const [account, made] = await this.create(words, line);
    line.id = account.id;
    if (!made) return this.reconcile(line, words, account, fresh);
    const have = read(account);
    for (const [word, value] of Object.entries(words)) {
      if (value !== "" && have[word] !== "" && !same(word, have[word], value)) line.echoes[word] = [value, have[word]];
    }
    Object.assign(line, { base: "synced", stale: false });
  }

  async fetch(id) {
    try {
      return await this.wire.ask("GET", this.at(id));
    } catch (error) {
      if (error instanceof Refused && GONE.has(error.status)) return null;
      throw error;
    }
  }

  at(id) {
    return `${this.path}/${encodeURIComponent(id)}`;
  }

  // Those whom the filter finds, and who truly have the identifier.
  async find(wanted) {
    const word = this.connection.unique_user_identifier === "workEmail" ? "email" : "userName";
    const filter = this.connection.user_filter.replace("%s", () => escaped(wanted[word]));
    const found = await this.wire.find(this.path, filter);
    return found.filter((each) => same(word, read(each)[word], wanted[word]));
  }

  // The account of a user; nobody gets the account of somebody else, not even that of a leaver whose turn is to come.
  async match(words, line) {
    const found = new Map((await this.find(words)).map((each) => [each.id, each]));
    if (found.size > 1) throw new Ambiguous(`${found.size} accounts match ${words.userName}`);
    const [account = null] = found.values();
    if (account && [...this.lines.values()].some((each) => each !== line && each.id === account.id)) {
      throw new Ambiguous(`the account ${account.id} is somebody else's`);
    }
    return account;
  }

  // The account of a user, and whether it was made here as wanted (else it is to be compared).
  async create(words, line) {
    for (let attempt = 1; ; attempt++) {
      let error;
      try {
        const made = await this.wire.ask("POST", this.path, written(words));
        if (made.id) return [made, true];
        error = new Unsure(this.wire.status, "the answer has no id");
      } catch (refused) {
        if (!(refused instanceof Refused)) throw refused;
        error = refused;
      }
      if (!(error instanceof Unsure) && ![408, 409, 429].includes(error.status)) throw error;
      const waits = error.status === 202 || error.status === 409;
      for (let look = 0; look < (waits ? LOOKS : 1); look++) {
        const found = await this.match(words, line);
        if (found) return [found, false];
        await sleep(PAUSE * 2 ** (waits ? look : attempt - 1));
      }
      if (error.status === 409 || attempt === LOOKS) throw error;
    }
  }

  async reconcile(line, words, account, fresh) {
    const have = read(account);
    const wanted = { ...words };
    if (this.connection.kind === "slack") delete wanted.externalId; // Slack keeps the one it has, as documented
    const changes = Object.entries(differing(wanted, have, line.echoes));
    const allowed = Object.fromEntries(changes.filter(([word]) => this.may(word, wanted)));
    const left = new Set(changes.map(([word]) => word).filter((word) => !(word in allowed)));
    if (Object.keys(allowed).length) {
      const answer = await this.wire.ask("PATCH", this.at(account.id), patched(account, allowed));
      for (const word of await this.keptBack(line, allowed, have, answer, account.id)) left.add(word);
    }
    if (!left.size) Object.assign(line, { base: "synced", stale: false });
    else if (fresh) Object.assign(line, { base: "linked", stale: false });
    else line.stale = true;
  }

  may(word, words) {
    return this.connection[word === "active" && words.active === false ? "disable_users" : "update_users"];
  }

  // The words that the target said yes to and did not take.
  async keptBack(line, sent, before, answer, id) {
    const now = read(answer.id ? answer : ((await this.fetch(id)) ?? {}));
    const ignored = [];
    for (const [word, value] of Object.entries(sent)) {
      if (same(word, now[word], value)) delete line.echoes[word];
      else if (same(word, now[word], before[word])) ignored.push(word);
      else line.echoes[word] = [value, now[word]];
    }
    const shown = ignored.length ? await this.fetch(id) : null;
    return shown ? ignored.filter((word) => !same(word, read(shown)[word], sent[word])) : ignored;
  }

  // Deprovisions who is no longer wanted. Who was wanted again is no orphan.
  async leave(wanted) {
    const taken = new Set([...this.lines].filter(([id]) => wanted.has(id)).map(([, line]) => line.id));
    for (const [id, account] of Object.entries(this.orphans)) {
      if (wanted.has(id) || taken.has(account)) delete this.orphans[id];
    }
    for (const [id, line] of this.lines) {
      if (wanted.has(id)) continue;
      this.lines.delete(id);
      if (line.id && this.connection.deprovision_users) this.orphans[id] = line.id;
    }
    for (const [id, account] of Object.entries(this.orphans)) {
      try {
        await this.deprovision(account);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        if (!GONE.has(error.status)) continue;
      }
      delete this.orphans[id];
    }
  }

  async deprovision(id) {
    if (this.connection.remove_action === "Delete") return void (await this.wire.ask("DELETE", this.at(id)));
    const account = await this.fetch(id);
    if (!account || !read(account).active) return;
    const answer = await this.wire.ask("PATCH", this.at(id), patched(account, { active: false }));
    const shown = answer.userName ? answer : await this.fetch(id); // an answer may hold the id alone
    if (shown && read(shown).active) throw new Refused(200, "the account is still on");
  }

  counters() {
    const lines = [...this.lines.values()];
    const count = (base) => lines.filter((line) => line.base === base).length;
    const stale = lines.filter((line) => line.base === "synced" && line.stale).length;
    return {
      impacted: lines.length,
      success: count("synced"),
      unsynced: count("unsynced"),
      partially_synced: count("linked") + stale,
      failed: count("failed"),
    };
  }
}
