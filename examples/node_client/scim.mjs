// Speaks SCIM 2.0 (RFC 7644) with nothing but fetch. What may pass is tried again after a pause; a
// create never is, because nobody can tell whether it was done. That is for the caller to find out by a look-up.

const TRIES = 4;
const FIRST_PAUSE = 0.2;
const TIMEOUT_MILLISECONDS = 30_000;
const TRANSIENT = new Set([408, 425, 429, 500, 502, 503, 504]);
const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

const sleep = (seconds) => new Promise((done) => setTimeout(done, seconds * 1000));

/** The target said no, or said nothing (status 0). `passes`: it may work when tried again. */
export class Refused extends Error {
  constructor(status, detail, pause) {
    super(detail || `status ${status}`);
    this.status = status;
    this.pause = pause;
    this.passes = status === 0 || TRANSIENT.has(status);
  }
}

/** Lets `act` try again while what goes wrong may pass. */
export async function patiently(act) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await act(attempt);
    } catch (error) {
      if (!(error instanceof Refused && error.passes) || attempt === TRIES) throw error;
      await sleep(error.pause ?? FIRST_PAUSE * 2 ** (attempt - 1));
    }
  }
}

export class Scim {
  constructor(connection) {
    this.connection = connection;
    this.users = connection.base_url + connection.users_resource;
    this.groups = connection.base_url + connection.groups_resource;
  }

  /** The resource at this URL; null when there is none. */
  async read(url) {
    try {
      return await patiently(() => this.send("GET", url));
    } catch (error) {
      if (error.status === 404) return null;
      throw error;
    }
  }

  /** The resources of a collection that meet a filter. */
  async find(collection, filter) {
    const page = await patiently(() => this.send("GET", `${collection}?filter=${encodeURIComponent(filter)}`));
    return page.Resources ?? [];
  }

  /** The accounts that match a user; where filters are refused, all accounts are listed and compared. */
  async findUsers(identifier, matches) {
    try {
      return await this.find(this.users, this.connection.user_filter.replace("%s", () => escaped(identifier)));
    } catch (error) {
      if (![400, 403, 501].includes(error.status)) throw error;
      if (!(await this.filterless())) throw error;
    }
    this.listed ??= await this.list(this.users);
    return this.listed.filter(matches);
  }

  /** What was listed is no longer to be believed. */
  forget() {
    this.listed = null;
  }

  /** Whether the target says that it knows no filters (RFC 7643, section 5). */
  async filterless() {
    this.config ??= await this.read(`${this.connection.base_url}/ServiceProviderConfig`);
    return this.config?.filter?.supported === false;
  }

  /** Everything in a collection: pages may be shorter than asked for, so the last one is the empty one. */
  async list(collection) {
    const found = [];
    for (;;) {
      const page = await patiently(() => this.send("GET", `${collection}?startIndex=${found.length + 1}&count=100`));
      if (!page.Resources?.length) return found;
      found.push(...page.Resources);
      if (found.length >= page.totalResults) return found;
    }
  }

  findGroups(name) {
    return this.find(this.groups, `displayName eq "${escaped(name)}"`);
  }

  /** One try: a create whose answer is lost is not to be sent again blindly. */
  createUser(user) {
    return this.send("POST", this.users, { schemas: [USER], ...user });
  }

  createGroup(group) {
    return this.send("POST", this.groups, { schemas: [GROUP], ...group });
  }

  change(collection, id, operations) {
    return patiently(() => this.send("PATCH", `${collection}/${id}`, { schemas: [PATCH], Operations: operations }));
  }

  async remove(collection, id) {
    try {
      await patiently(() => this.send("DELETE", `${collection}/${id}`));
    } catch (error) {
      if (error.status !== 404) throw error;
    }
  }

  async send(method, url, body) {
    const headers = { Accept: "application/scim+json", Authorization: `Bearer ${this.connection.token}` };
    if (body) headers["Content-Type"] = "application/scim+json";
    let response, text;
    try {
      response = await fetch(url, {
        method,
        headers,
        body: body && JSON.stringify(body),
        redirect: "manual",
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      text = await response.text();
    } catch (error) {
      throw new Refused(0, `no answer: ${error.cause?.message ?? error.message}`);
    }
    if (!response.ok) throw new Refused(response.status, detail(text), pause(response));
    return text ? JSON.parse(text) : null;
  }
}

/** Text as it stands inside the quotes of a filter. */
const escaped = (text) => JSON.stringify(text).slice(1, -1);

function pause(response) {
  const text = response.headers.get("Retry-After") ?? ""; // seconds, or a date (RFC 9110, section 10.2.3)
  const asked = /^\d+$/.test(text) ? Number(text) : (Date.parse(text) - Date.now()) / 1000;
  return asked > 0 ? asked + 0.05 : undefined; // timers may be a little early, and early is wrong
}

function detail(text) {
  try {
    return JSON.parse(text).detail;
  } catch {
    return text.slice(0, 200);
  }
}
