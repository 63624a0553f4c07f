// What a rule selects. A selected group does not pull its members into the users.

const TERM = /\s*([\w.]+)\s+(eq|co|sw)\s+"([^"]*)"\s*(?:or\b|$)/giy;

/** The word of an account, and the field of a source user that it comes from unless the rule maps another one. */
const FIELDS = {
  userName: "user_name",
  externalId: "external_id",
  givenName: "given_name",
  familyName: "family_name",
  displayName: "display_name",
  email: "email",
};

/** The user with every field as the rule maps it. */
export function mapped(rule, user) {
  const known = Object.entries(rule.mapping).filter(([word]) => word in FIELDS);
  const values = known.map(([word, name]) => [FIELDS[word], user[name] ?? user.attributes[name] ?? ""]);
  return { ...user, ...Object.fromEntries(values) };
}

/** The users the rule is for. */
export function impactedUsers(rule, { users, groups }) {
  if (rule.user_filter === null) return users;
  const terms = [...rule.user_filter.matchAll(TERM)].map(([, attribute, operator, value]) => ({
    attribute,
    operator: operator.toLowerCase(),
    value: value.toLowerCase(),
  }));
  return users.filter((user) => terms.some((term) => values(user, term.attribute, groups).some((v) => holds(term, v))));
}

/** The groups the rule is for; `external` is the first that cannot be synced, if any was chosen. */
export function impactedGroups(rule, { groups }) {
  if (rule.groups === null) return { groups: groups.filter((group) => !group.external) };
  const chosen = groups.filter((group) => rule.groups.includes(group.id));
  return { groups: chosen, external: chosen.find((group) => group.external) };
}

function values(user, attribute, groups) {
  if (attribute.toLowerCase() === "group") {
    return groups.filter((group) => group.members.includes(user.id)).map((group) => group.name);
  }
  const spelled = attribute.replace(/(?<=[a-z])([A-Z])/g, "_$1").toLowerCase();
  return [user[spelled], user.attributes[attribute]].filter((value) => typeof value === "string");
}

function holds({ operator, value }, have) {
  const text = have.toLowerCase();
  return { eq: text === value, co: text.includes(value), sw: text.startsWith(value) }[operator];
}
