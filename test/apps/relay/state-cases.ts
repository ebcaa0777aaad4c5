// Cases of the protocol's state table as data: a name, what comes of it, and the calls that lead there.
import type { RelayAnswer } from "rapport/relay";
import { afterAll, beforeAll, expect, test } from "vitest";
import { onEveryStore, openState, type StateWorld } from "./state-stores.ts";

/** A code without its namespace and its status, or what the result is like. */
export type Outcome = { readonly code: string; readonly status: number } | { readonly result: unknown };

/** One case; the last call's answer is judged. */
export type Case = readonly [name: string, outcome: Outcome, ask: (world: StateWorld) => Promise<RelayAnswer>];

/** A refusal by the rules. */
export const no = (code: string, status = 400): Outcome => ({ code, status });
/** Nothing is there for the caller. */
export const notFound: Outcome = no("recordNotFound", 404);
/** The caller sees it, and may not. */
export const forbidden: Outcome = no("forbidden", 403);
/** A member of the call has a value that is not allowed. */
export const invalid: Outcome = no("invalidPropertyValue");
/** Success with such a result. */
export const yes = (result: unknown = {}): Outcome => ({ result });

/** Runs the cases on every store. One relay serves all cases of a store: each brings people of its own. */
export function stateTable(title: string, cases: readonly Case[]): void {
  onEveryStore(title, (kind) => {
    let world: StateWorld;
    beforeAll(async () => {
      world = await openState(kind);
    });
    afterAll(() => world[Symbol.asyncDispose]());

    test.for(cases)("%s", async ([, outcome, ask]) => {
      const answer = await ask(world);

      expectOutcome(answer, outcome);
    });
  });
}

/** Fails unless the answer is like the outcome. */
export function expectOutcome(answer: RelayAnswer, outcome: Outcome): void {
  if ("result" in outcome) {
    expect(answer).toMatchObject({ ok: true, result: outcome.result });
    return;
  }
  const { status, error } = answer.ok ? { status: answer.status, error: undefined } : answer;
  expect({ status, code: error?.code.replace(/^error\.platform\.(validation\.)?/, "") }).toEqual(outcome);
}
