// References that callers give, and the pictures of those that they get (spec/connector-api.md 1.15, 5.2).
import { fault } from "rapport/core";
import type { Ask, Reply } from "../handler.ts";
import { referenceOf } from "../profiles/secret-key.ts";

/** The reference in the body; in the first generations it may be an id and a key. `what` is for the message. */
export function referenceIn({ body, profile }: Ask, what: string): string {
  const { reference, id, secretKey } = body;
  if (typeof reference === "string" && reference !== "") return reference;
  const isKeyed = reference === undefined && typeof id === "string" && typeof secretKey === "string";
  if (isKeyed && profile.rules.loadsByKey) return referenceOf({ id, secretKey });
  throw fault("error.runtime.validation.invalidPropertyValue", `token / ${what} reference invalid`);
}

/** What else loading takes. */
export function passwordIn({ body: { password } }: Ask): { readonly password?: string } {
  return typeof password === "string" ? { password } : {};
}

/** Something that a reference leads to. */
export interface Referable {
  readonly id: string;
  readonly reference: { readonly truncated: string; readonly url: string };
}

/** A QR code that leads to it. */
export function pictureOf({ profile, connector }: Ask, { id, reference }: Referable, location?: string): Reply {
  const link = `${connector.config.referenceScheme}://tr#${reference.truncated}`;
  const text = profile.rules.pictures === "link" ? link : reference.url;
  const picture = { kind: "picture", text, filename: `${id}.png` } as const;
  return location === undefined ? picture : { ...picture, location };
}
