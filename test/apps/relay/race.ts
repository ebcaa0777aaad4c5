// Calls that are made at the same time, and what may come of them.
import { type OperationName, operations } from "rapport/core";
import type { RelayAnswer } from "rapport/relay";
import type { HttpAsk, HttpParty } from "./http-parties.ts";

/** One call of a race. */
export type Move = readonly [by: HttpParty, operation: OperationName, ask?: HttpAsk];

/** What came of a race: the results of those who won, the codes of the others, and who they are. */
export interface Outcome {
  // biome-ignore lint/suspicious/noExplicitAny: results have as many shapes as there are operations.
  readonly won: readonly { readonly by: HttpParty; readonly result: any }[];
  readonly codes: readonly string[];
  readonly refused: readonly HttpParty[];
}

/** Makes all calls at once. Whoever is refused must be refused by a code that the table has for the operation. */
export async function race(...moves: readonly Move[]): Promise<Outcome> {
  const answers = await Promise.all(moves.map(([by, operation, ask]) => by.call(operation, ask)));
  const won = [];
  const codes = [];
  const refused = [];
  for (const [at, answer] of answers.entries()) {
    const [by, operation] = moves[at] as Move;
    if (answer.ok) won.push({ by, result: answer.result });
    else {
      codes.push(legalCode(operation, answer));
      refused.push(by);
    }
  }
  return { won, codes, refused };
}

/** Stops the round unless this holds. */
export function must(holds: boolean, sentence: string, facts?: unknown): void {
  if (!holds) throw new Error(facts === undefined ? sentence : `${sentence}: ${JSON.stringify(facts)}`);
}

/** Stops the round unless this many won, and everybody else was refused with this code. */
export function mustWin(outcome: Outcome, wins: number, code: string): void {
  const { won, codes } = outcome;
  must(won.length === wins, `${wins} should have won and ${won.length} did`, codes);
  must(
    codes.every((one) => one === code),
    `the others should have been refused with ${code}`,
    codes,
  );
}

const common = ["error.platform.validation.idempotencyKeyReused"];

function legalCode(operation: OperationName, answer: RelayAnswer & { ok: false }): string {
  const { code, message } = answer.error;
  const legal: readonly string[] = [...operations[operation].errors, ...common];
  must(answer.status < 500 && legal.includes(code), `${operation} was refused with ${answer.status} ${code}`, message);
  return code.slice(code.lastIndexOf(".") + 1);
}
