// Histories as plain lists: what people do with each other, for worlds of your own.
import fc, { type Arbitrary } from "fast-check";
import { type Decision, RapportError } from "rapport/core";
import { arbitraryDecided, type Decided } from "./arbitraries.ts";
import type { Person, World } from "./world.ts";

/** One thing that somebody does. `who` and `with` are positions in the list of people; what is not there to be done is not done. */
export type HistoryStep =
  | { readonly kind: "invite"; readonly who: number; readonly with: number; readonly asked: Decided }
  | { readonly kind: "answer"; readonly who: number; readonly result: "accept" | "reject" }
  | { readonly kind: "settle"; readonly who: number; readonly step: "accept" | "reject" | "revoke" | "terminate" }
  | { readonly kind: "sync"; readonly who: number }
  | { readonly kind: "restart"; readonly who: number }
  | { readonly kind: "wait"; readonly hours: number };

const acceptable = arbitraryDecided.filter(({ result }) => result === "accept");

/** Histories of that many people. */
export function arbitraryHistory(people: number, stepsMax = 30): Arbitrary<readonly HistoryStep[]> {
  const who = fc.nat(people - 1);
  const of = <K extends HistoryStep["kind"]>(kind: K) => fc.constant(kind);
  const invitation = fc.record({ kind: of("invite"), who, with: who, asked: acceptable });
  const answer = fc.record({ kind: of("answer"), who, result: fc.constantFrom("accept" as const, "reject" as const) });
  const steps = ["accept", "reject", "revoke", "terminate"] as const;
  const settling = fc.record({ kind: of("settle"), who, step: fc.constantFrom("accept" as const, ...steps) });
  return fc.array(
    fc.oneof(
      { weight: 2, arbitrary: invitation },
      { weight: 3, arbitrary: answer },
      { weight: 3, arbitrary: settling },
      { weight: 4, arbitrary: fc.record({ kind: of("sync"), who }) },
      { weight: 1, arbitrary: fc.record({ kind: of("restart"), who }) },
      { weight: 1, arbitrary: fc.record({ kind: of("wait"), hours: fc.integer({ min: 1, max: 100 }) }) },
    ),
    { maxLength: stepsMax, size: "max" },
  );
}

/** Takes the steps one after the other, and gives for each its code when it was refused, "done", or "nothing to do". */
export async function playHistory(
  world: World,
  people: readonly Person[],
  history: readonly HistoryStep[],
): Promise<readonly string[]> {
  const outcomes: string[] = [];
  const stage: Stage = { world, people, acceptances: new Map() };
  for (const step of history) {
    try {
      outcomes.push((await take(step, stage)) ? "done" : "nothing to do");
    } catch (problem) {
      if (!(problem instanceof RapportError)) throw problem;
      outcomes.push(problem.code);
    }
  }
  return outcomes;
}

interface Stage {
  readonly world: World;
  readonly people: readonly Person[];
  /** How the Request of a template can be accepted. */
  readonly acceptances: Map<string, Decision>;
}

const hourMs = 60 * 60 * 1000;
const monthMs = 30 * 24 * hourMs;

async function take(step: HistoryStep, stage: Stage): Promise<boolean> {
  const { world, people } = stage;
  if (step.kind === "wait") {
    world.clock.advance(step.hours * hourMs);
    return true;
  }
  const person = people[step.who];
  if (person === undefined) return false;
  if (step.kind === "invite") return invite(step, person, stage);
  if (step.kind === "answer") return answer(person, step.result, stage);
  if (step.kind === "settle") return settle(person, step.step);
  await (step.kind === "sync" ? person.account.sync() : person.restart());
  return true;
}

async function invite(
  { asked, with: other }: HistoryStep & { readonly kind: "invite" },
  person: Person,
  { world, people, acceptances }: Stage,
): Promise<boolean> {
  const guest = people[other];
  if (guest === undefined || guest === person) return false;
  const { expiresAt: _expiresAt, ...onNewRelationship } = asked.request;
  const content = { "@type": "RelationshipTemplateContent", onNewRelationship };
  const expiresAt = new Date(world.clock.now() + monthMs).toISOString();
  const template = await person.account.templates.create({ content, expiresAt });
  acceptances.set(template.id, asked.decision);
  await guest.account.templates.load({ reference: template.reference.url });
  return true;
}

async function answer({ account }: Person, result: "accept" | "reject", { acceptances }: Stage): Promise<boolean> {
  const waiting = await account.requests.incoming.find({ status: "ManualDecisionRequired" });
  const request = waiting.find(({ source }) => acceptances.has(source?.reference ?? ""));
  if (request === undefined) return false;
  const { items } = acceptances.get(request.source?.reference ?? "") ?? { items: [] };
  const no = { accept: false } as const;
  const rejection = items.map((one) =>
    "items" in one && !("accept" in one) ? { items: one.items.map(() => no) } : no,
  );
  await account.requests.incoming[result](request.id, { items: result === "accept" ? items : rejection });
  return true;
}

async function settle({ account }: Person, step: "accept" | "reject" | "revoke" | "terminate"): Promise<boolean> {
  const status = step === "terminate" ? "Active" : "Pending";
  const [relationship] = await account.relationships.find({ status });
  if (relationship === undefined) return false;
  await account.relationships[step](relationship.id);
  return true;
}
