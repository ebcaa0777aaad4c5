// The configuration as it may be shown: in support output, logs and errors.
import { isTree } from "./trees.ts";

const hidden = "[hidden]";

/** Names of what is a secret, whatever module it belongs to. */
const secretName = /(secret|secrets|password|passphrase|token|apikey|connectionstring|credentials?|privatekey)$/i;

/** Maps whose values may carry secrets under any name. */
const headerMaps = new Set(["headers", "platformAdditionalHeaders"]);

/**
 * A copy without secrets: whole authentication blocks are replaced by a text, so are secrets by their name, and passwords
 * and queries within addresses.
 */
export function shownConfig(config: unknown): unknown {
  return shown(config);
}

function shown(value: unknown): unknown {
  if (typeof value === "string") return withoutSecrets(value);
  if (Array.isArray(value)) return value.map(shown);
  if (!isTree(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== undefined)
      .map(([name, inner]) => [name, shownMember(name, inner)]),
  );
}

function shownMember(name: string, inner: unknown): unknown {
  if (name === "authentication") return blocksOf(inner);
  if (name === "key" && typeof inner === "string") return hidden;
  if (secretName.test(name) && !isTree(inner)) return hidden;
  if (name === "target" || name === "targets") return shown(withShortUrls(inner));
  if (headerMaps.has(name) && isTree(inner)) {
    return Object.fromEntries(Object.keys(inner).map((header) => [header, hidden]));
  }
  return shown(inner);
}

// Whoever knows the whole address of a webhook may often call it: chats give out such addresses.
function withShortUrls(inner: unknown): unknown {
  if (!isTree(inner)) return inner;
  return Object.fromEntries(
    Object.entries(inner).map(([name, value]) =>
      name === "url" && typeof value === "string"
        ? [name, value.replace(/^([a-z][a-z0-9+.-]*:\/\/[^/?]+)[/?].+$/i, "$1/***")]
        : [name, withShortUrls(value)],
    ),
  );
}

// Of the ways to prove who calls each says whether it is on; the way of a webhook is one block.
function blocksOf(authentication: unknown): unknown {
  if (!isTree(authentication)) return hidden;
  if ("type" in authentication) return "enabled";
  const ways = Object.entries(authentication).filter(([, way]) => way !== undefined);
  return Object.fromEntries(
    ways.map(([name, way]) => [name, isTree(way) && way["enabled"] === false ? "disabled" : "enabled"]),
  );
}

function withoutSecrets(text: string): string {
  return text
    .replace(/^([^/@\s:]+):(?!\/\/)[^@\s]*@(?=[^@\s]+$)/, "$1:***@")
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)(.*)@/i, (_all, scheme: string, login: string) => {
      const [user] = login.split(":");
      return `${scheme}${login.includes(":") ? `${user}:***` : "***"}@`;
    })
    .replace(/^([a-z][a-z0-9+.-]*:\/\/[^?]*)\?.+$/i, "$1?***");
}
