// Scenes: several moves in a row that get a history to where it becomes interesting.
import fc from "fast-check";
import { asksOf, commandOf, type HistoryCommand, lifeMs, nameOf, outages, said } from "./command.ts";
import { type Model, sideOf, type Template } from "./model.ts";
import { createRelationship, createTemplate, loadTemplate, stepOn, type Variant } from "./moves.ts";
import { draftRequest, sendRequest, sync } from "./request-moves.ts";

const ready = (template: Template | undefined) => (template?.reference === undefined ? undefined : template);

/** The way to an Active Relationship. */
export function meetings(person: fc.Arbitrary<number>, other: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc.tuple(person, other).map(([host, distance]) => meeting(host, distance));
}

/** One way to an Active Relationship. */
export function meeting(host: number, distance: number): HistoryCommand {
  const variant = { life: "days", most: "any", form: "arbitrary" } as const;
  const hostOf = (model: Model) => nameOf(model, host);
  const guestOf = (model: Model) => nameOf(model, host + distance);
  return commandOf(`meet(${host}, +${distance})`, [
    (model, real) => createTemplate(model, { who: hostOf(model), variant }, real),
    (model) => {
      const template = ready(model.templates.at(-1));
      return template && loadTemplate(model, { who: guestOf(model), template });
    },
    (model) => {
      const template = ready(model.templates.at(-1));
      return template && createRelationship(model, { who: guestOf(model), template });
    },
    (model, real) => sync(model, { who: hostOf(model), real }),
    (model) => {
      const bond = model.bonds.at(-1);
      return bond?.id === undefined ? undefined : stepOn(model, { who: hostOf(model), bond, step: "accept" });
    },
    (model, real) => sync(model, { who: guestOf(model), real }),
  ]);
}

/** A Request in a template, waiting for its answer. */
export function invitations(person: fc.Arbitrary<number>, other: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  const variant: fc.Arbitrary<Variant> = fc.record({
    life: fc.constantFrom("hour", "days"),
    most: fc.constantFrom("any", "one"),
    form: fc.constantFrom("structured", "structured, open to friends", "structured, open for an hour"),
  });
  return fc.tuple(person, other, variant).map(([host, distance, variant]) =>
    commandOf(`invite(${host}, +${distance}, ${Object.values(variant).join(", ")})`, [
      (model, real) => createTemplate(model, { who: nameOf(model, host), variant }, real),
      (model) => {
        const template = ready(model.templates.at(-1));
        return template && loadTemplate(model, { who: nameOf(model, host + distance), template });
      },
    ]),
  );
}

/** A Request in a Message, waiting for its answer if the two may write to each other. */
export function questions(person: fc.Arbitrary<number>, other: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc.tuple(person, other, outages, lifeMs).map(([asker, distance, outage, lifeMs]) =>
    commandOf(`ask(${asker}, +${distance}, ${lifeMs}${said(outage)})`, [
      (model, real) =>
        draftRequest(model, { who: nameOf(model, asker), to: nameOf(model, asker + distance), lifeMs, real }),
      (model, real) => {
        const ask = asksOf(sideOf(model, nameOf(model, asker)), true).at(-1);
        return ask && sendRequest(model, { who: nameOf(model, asker), outage, ask, real });
      },
      (model, real) => sync(model, { who: nameOf(model, asker + distance), real }),
    ]),
  );
}
