// What is wrong with `accounts`: what has to be different, and what has to be there.
import { isTree, type Problem, valueAt } from "./trees.ts";

const taken = new Set(
  ["api", "gen", "health", "monitoring", "docs", "api-docs", "app", "login", "callback", "logout"].map(
    (name) => `/${name}`,
  ),
);

/** Prefixes that meet each other or a route, and names of keys that nobody has. */
export function accountProblems(tree: unknown): readonly Problem[] {
  const accounts = valueAt(tree, ["accounts"]);
  if (!isTree(accounts)) return [];
  const keys = valueAt(tree, ["infrastructure", "httpServer", "authentication", "apiKey", "keys"]);
  const keyNames = isTree(keys) ? Object.keys(keys) : [];
  const owners = new Map<string, string>();
  const none: Problem[] = Object.keys(accounts).length > 0 ? [] : [{ path: ["accounts"], says: "names nobody" }];
  const named = Object.entries(accounts).flatMap(([name, account]) => {
    const path = ["accounts", name];
    const prefix = String(valueAt(account, ["prefix"]) ?? "").toLowerCase();
    const owner = owners.get(prefix);
    owners.set(prefix, name);
    const opened = valueAt(account, ["apiKeys"]);
    const strangers = Array.isArray(opened) ? opened.filter((key) => !keyNames.includes(String(key))) : [];
    return [
      ...(taken.has(prefix)
        ? [{ path: [...path, "prefix"], says: "is the beginning of a route; choose another" }]
        : []),
      ...(owner === undefined || prefix === ""
        ? []
        : [{ path: [...path, "prefix"], says: `is also the prefix of accounts.${owner}` }]),
      ...strangers.map((key) => ({
        path: [...path, "apiKeys"],
        says: `names the API key "${key}", which is not there`,
      })),
    ];
  });
  const nobody = isTree(keys)
    ? Object.entries(keys).flatMap(([name, entry]) => {
        const account = valueAt(entry, ["account"]);
        if (typeof account !== "string" || Object.hasOwn(accounts, account)) return [];
        const path = ["infrastructure", "httpServer", "authentication", "apiKey", "keys", name, "account"];
        return [{ path, says: "is no name in accounts" }];
      })
    : [];
  return [...none, ...named, ...nobody];
}
