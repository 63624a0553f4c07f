// HTTP as this client speaks it: what may pass is tried again, what is unsure is said to be.

const TRIES = 5;
const FIRST_PAUSE = 150;
const SILENCE = 5000;
const TIMER = 20; // milliseconds: a timer of Node may end a little early
const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);
const LIMIT = /rate limit|quota|too many|throttl/i;
const NOT_OFFERED = new Set([403, 404, 405, 501]);
const SEARCH = "urn:ietf:params:scim:api:messages:2.0:SearchRequest";

// The target said no with this status.
export class Refused extends Error {
  constructor(status, detail = "") {
    super(`${status} ${detail.slice(0, 200)}`);
    this.status = status;
  }
}

// Nobody knows whether the request was carried out (status 0: there was no answer that can be read).
export class Unsure extends Refused {}

// The credentials are refused: nothing more can be done in this run.
export class Ended extends Error {}

export const sleep = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds + TIMER));

export class Wire {
  constructor({ base_url, token, kind }) {
    this.base = base_url.replace(/\/+$/, "");
    this.token = token;
    this.type = "application/scim+json";
    this.searches = kind === "scim"; // Slack and GitHub document no .search
  }

  // The resources that a filter finds: asked for by POST .search, or in the URL where the target has no such search.
  async find(path, filter) {
    if (this.searches) {
      try {
        const found = await this.ask("POST", `${path}/.search`, { schemas: [SEARCH], filter, startIndex: 1, count: 50 });
        return found.Resources ?? [];
      } catch (error) {
        if (!(error instanceof Refused) || !NOT_OFFERED.has(error.status)) throw error;
        this.searches = false;
      }
    }
    return (await this.ask("GET", `${path}?filter=${encodeURIComponent(filter)}`)).Resources ?? [];
  }

  // Sends a request until it is answered for good. Throws Refused, Unsure and Ended.
  async ask(method, path, body) {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(method, path, body);
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        const limited = error.status === 429 || (error.status >= 400 && LIMIT.test(error.message));
        const passes = limited || error.status === 0 || PASSING.has(error.status);
        const creates = method === "POST" && !path.endsWith("/.search");
        if (!passes || attempt === TRIES || (creates && !limited)) throw error;
        await sleep(this.asked || FIRST_PAUSE * 2 ** (attempt - 1));
      }
    }
  }

  async once(method, path, body) {
    this.asked = this.status = 0;
    const headers = { Authorization: `Bearer ${this.token}`, Accept: "application/json", "User-Agent": "events/1" };
    if (body !== undefined) headers["Content-Type"] = this.type;
    let answer, text;
    try {
      const signal = AbortSignal.timeout(SILENCE);
      answer = await fetch(this.base + path, { method, headers, body: body && JSON.stringify(body), signal });
      text = await answer.text();
    } catch (error) {
      throw new Unsure(0, String(error));
    }
    this.status = answer.status;
    if (answer.status === 401) throw new Ended();
    if (answer.status === 415 && this.type !== "application/json") {
      this.type = "application/json";
      return this.once(method, path, body);
    }
    if (answer.status >= 400) {
      this.asked = pause(answer.headers.get("retry-after") ?? "");
      throw new (answer.status >= 500 ? Unsure : Refused)(answer.status, text);
    }
    try {
      const found = text.trim() ? JSON.parse(text) : {};
      return found && typeof found === "object" && !Array.isArray(found) ? found : {};
    } catch {
      throw new Unsure(0, "the answer cannot be read");
    }
  }
}

function pause(asked) {
  if (/^\d+$/.test(asked)) return Number(asked) * 1000;
  const until = Date.parse(asked);
  return Number.isNaN(until) ? 0 : Math.max(until - Date.now(), 0);
}
