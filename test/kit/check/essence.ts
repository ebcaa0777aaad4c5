// What of a document tells one state from another. What is left out changes nothing that anybody does later: how often
// something was tried, when a sync ended, the nonce of a secret at rest, and sync runs that are over.
import type { Document } from "rapport/core";

/** The text that is hashed for the document under this key; undefined when the document makes no difference. */
export function essence(key: string, document: Document): string | undefined {
  const [scope = "", kind = ""] = key.split("/", 2);
  if (scope === "relay") return ofRelay(kind, document);
  if (kind === "secrets" && typeof document["sealed"] === "string") return plaintextOf(document["sealed"]);
  if (kind === "intents") return JSON.stringify({ ...document, attempts: 0 });
  if (kind === "sync" && key.endsWith("/info")) return undefined;
  return JSON.stringify(document);
}

function ofRelay(kind: string, document: Document): string | undefined {
  if (kind === "login") return undefined;
  if (kind !== "syncrun") return JSON.stringify(document);
  if (document["finalized"] === true) return undefined;
  const { run, events, expiresAtMs } = document as { run?: { id?: string }; events?: object; expiresAtMs?: number };
  return JSON.stringify([run?.id, events, expiresAtMs === 0]);
}

// The stand-in seals with a tag before the plaintext.
function plaintextOf(sealed: string): string {
  return Buffer.from(sealed, "base64url").subarray(16).toString();
}
