// Tokens for the cases of the state table.
import { base64, minute } from "../../relay/parties.ts";
import type { HttpCaller } from "./http-parties.ts";
import type { StateWorld } from "./state-stores.ts";

export const password = base64("secret");
export const content = base64("a token");
/** Wrong passwords that lock a token (spec/backbone-protocol.md 12.3). */
export const guessesMax = 100;

/** A token of this creator that lives for a minute. */
export async function issue(world: StateWorld, creator: HttpCaller, more: object = {}): Promise<string> {
  return (await creator.ok("createToken", { body: { content, expiresAt: world.in(minute), ...more } })).id;
}

/** An empty token of nobody. */
export async function issueEmpty(world: StateWorld, more: object = {}): Promise<string> {
  return (await world.anonymous.ok("createToken", { body: { expiresAt: world.in(minute), ...more } })).id;
}

/** Reads it with this password, or without one. */
export function read(reader: HttpCaller, id: string, given?: string) {
  return reader.call("getToken", { id, ...(given === undefined ? {} : { query: { password: given } }) });
}

/** Guesses until the token is locked. */
export async function lock(guesser: HttpCaller, id: string): Promise<string> {
  const guess = () => guesser.no("getToken", { id, query: { password: base64("wrong") } });
  for (let tries = 0; tries < guessesMax; tries += 10) await Promise.all(Array.from({ length: 10 }, guess));
  return id;
}
