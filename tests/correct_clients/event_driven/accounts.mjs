// What a rule selects and maps, and how accounts look on the wire: between core words and documents.

const USER = "urn:ietf:params:scim:schemas:core:2.0:User";
export const GROUP = "urn:ietf:params:scim:schemas:core:2.0:Group";
export const PATCH = "urn:ietf:params:scim:api:messages:2.0:PatchOp";
const ENTERPRISE = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
const PLAIN = ["userName", "externalId", "displayName", "title", "nickName", "userType", "preferredLanguage", "locale"];
const EXTENDED = ["department", "employeeNumber"];
const CASELESS = new Set(["userName", "email"]);
const NEVER_CLEARED = new Set(["userName", "externalId", "email"]);
const TERM = /\s*([\w.]+)\s+(eq|co|sw)\s+"([^"]*)"\s*(?:or\b|$)/gi;

export class External extends Error {}

export function chosenUsers(rule, { users, groups }) {
  if (rule.user_filter === null) return users;
  const terms = [...rule.user_filter.matchAll(TERM)];
  return users.filter((user) => terms.some((term) => meets(user, term, groups)));
}

export function chosenGroups(rule, { groups }) {
  if (rule.groups === null) return groups.filter((group) => !group.external);
  const chosen = groups.filter((group) => rule.groups.includes(group.id));
  const outside = chosen.find((group) => group.external);
  if (outside) throw new External(`${outside.name} is an external group, and those cannot be synced`);
  return chosen;
}

function meets(user, [, attribute, operator, text], groups) {
  const value = text.toLowerCase();
  let values;
  if (attribute.toLowerCase() === "group") {
    values = groups.filter((group) => group.members.includes(user.id)).map((group) => group.name);
  } else {
    const field = attribute.replace(/(?<=[a-z])([A-Z])/g, "_$1").toLowerCase();
    values = [user[field], user.attributes[attribute]];
  }
  const test = { eq: (a, b) => a === b, co: (a, b) => a.includes(b), sw: (a, b) => a.startsWith(b) };
  return values.some((each) => typeof each === "string" && test[operator.toLowerCase()](each.toLowerCase(), value));
}

// What the account shall hold: every mapped word, empty where the source has no value, and `active`.
export function wordsOf(rule, user) {
  const words = { active: user.active };
  for (const [word, field] of Object.entries(rule.mapping)) {
    const value = typeof user[field] === "string" ? user[field] : user.attributes[field];
    words[word] = field === "external_id" ? user.external_id || user.id : value || "";
  }
  return words;
}

// The core words of an account.
export function read(document) {
  const emails = (document.emails ?? []).filter((each) => each && typeof each === "object");
  const email = emails.find((each) => each.primary) ?? emails[0] ?? {};
  const words = Object.fromEntries([...PLAIN, "timezone"].map((word) => [word, document[word] || ""]));
  for (const word of EXTENDED) words[word] = document[ENTERPRISE]?.[word] || "";
  words.givenName = document.name?.givenName || "";
  words.familyName = document.name?.familyName || "";
  return { ...words, email: email.value || "", active: document.active !== false };
}

// A new account that holds these words.
export function written(words) {
  const document = { schemas: [USER] };
  for (const [word, value] of Object.entries(words)) {
    if (value === "") continue;
    if (word === "email") document.emails = [{ value, type: "work", primary: true }];
    else if (word === "givenName" || word === "familyName") (document.name ??= {})[word] = value;
    else if (EXTENDED.includes(word)) (document[ENTERPRISE] ??= {})[word] = value;
    else document[word] = value;
  }
  if (document[ENTERPRISE]) document.schemas.push(ENTERPRISE);
  return document;
}

// A PATCH that writes these words on an account, and leaves the rest of it alone.
export function patched(account, words) {
  const Operations = Object.entries(words).map(([word, value]) => {
    if (word === "email") return { op: "replace", path: "emails", value: emailsWith(account, value) };
    const inner = word === "givenName" || word === "familyName" ? `name.${word}` : word;
    const path = EXTENDED.includes(word) ? `${ENTERPRISE}:${word}` : inner;
    return value === "" ? { op: "remove", path } : { op: "replace", path, value };
  });
  return { schemas: [PATCH], Operations };
}

function emailsWith(account, value) {
  const emails = (account.emails ?? []).map((each) => ({ ...each }));
  const first = emails.find((each) => each.primary) ?? emails[0];
  if (first) first.value = value;
  else emails.push({ value, type: "work", primary: true });
  return emails;
}

// The words to be written. `echoes`: word -> what was sent, and the form in which the target keeps it.
export function differing(wanted, have, echoes) {
  const changed = Object.entries(wanted).filter(([word, value]) => {
    const [sent, kept] = echoes[word] ?? [];
    const known = echoes[word] && sent === value && kept === have[word];
    return !same(word, value, have[word]) && (value !== "" || !NEVER_CLEARED.has(word)) && !known;
  });
  return Object.fromEntries(changed);
}

export function same(word, one, other) {
  if (!CASELESS.has(word) || typeof one !== "string" || typeof other !== "string") return one === other;
  return one.toLowerCase() === other.toLowerCase();
}

// Text as it stands inside the quotes of a filter.
export const escaped = (value) => JSON.stringify(value).slice(1, -1);
