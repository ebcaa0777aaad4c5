// Generators of a history's commands for fast-check.
import fc from "fast-check";
import { asksOf, commandOf, type HistoryCommand, lifeMs, nameOf, outages, pastMs, said } from "./command.ts";
import { type Step, steps } from "./lifecycle.ts";
import { type Ask, type Model, sideOf, type Template } from "./model.ts";
import {
  createRelationship,
  createTemplate,
  forms,
  legalStep,
  type lives,
  loadTemplate,
  type mosts,
  picked,
  stepOn,
  type Variant,
} from "./moves.ts";
import { type Move, repeat } from "./play.ts";
import {
  decideRequest,
  deliverResponse,
  draftRequest,
  finish,
  look,
  sendRequest,
  sendWords,
  startAgain,
  sync,
  verdicts,
} from "./request-moves.ts";
import { invitations, meetings, questions } from "./scenes.ts";

/** All commands, the more telling ones more often. `who` are numbers that pick among the people. */
export function commandsFor(people: number): fc.Arbitrary<HistoryCommand>[] {
  const person = fc.nat(people - 1);
  const pick = fc.nat(20);
  const other = fc.integer({ min: 1, max: people - 1 });
  const anybody = fc.oneof({ weight: 9, arbitrary: other }, { weight: 1, arbitrary: fc.constant(0) });
  const many = (count: number, command: fc.Arbitrary<HistoryCommand>) => Array.from({ length: count }, () => command);
  return [
    ...many(2, templates(person)),
    ...many(2, loads(person, pick)),
    ...many(2, creations(person, pick)),
    ...many(3, meetings(person, other)),
    ...many(3, invitations(person, other)),
    ...many(3, questions(person, other)),
    ...many(6, answers(person, pick)),
    ...many(1, deliveries(person, pick)),
    ...many(8, legalSteps(person, pick)),
    ...many(2, anySteps(person, pick)),
    ...many(1, drafts(person, anybody)),
    ...many(2, sendings(person, pick)),
    ...many(2, words(person, anybody)),
    ...many(5, syncs(person)),
    ...many(2, cutSyncs(person)),
    ...many(3, clocks()),
    ...many(1, restarts(person)),
    ...many(2, repeats(person)),
    ...many(1, alone("look", person, look)),
    ...many(1, alone("finish", person, finish)),
  ];
}

// Mostly somebody else's template.
function known(model: Model, who: string, pick: number): Template | undefined {
  const all = model.templates.filter(({ reference }) => reference !== undefined);
  const foreign = all.filter(({ owner }) => owner !== who);
  return picked(pick % 7 > 0 && foreign.length > 0 ? foreign.toReversed() : all, pick);
}

function alone(
  label: string,
  person: fc.Arbitrary<number>,
  move: (model: Model, mover: { who: string }) => Move,
): fc.Arbitrary<HistoryCommand> {
  return person.map((who) => commandOf(`${label}(${who})`, [(model) => move(model, { who: nameOf(model, who) })]));
}

function templates(person: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  const oftenRight = <T>(right: readonly T[], wrong: T) =>
    fc.oneof({ weight: 12, arbitrary: fc.constantFrom(...right) }, { weight: 1, arbitrary: fc.constant(wrong) });
  const variant: fc.Arbitrary<Variant> = fc.record({
    life: oftenRight<keyof typeof lives>(["month", "days", "hour"], "past"),
    most: oftenRight<keyof typeof mosts>(["any", "one", "two"], "none"),
    form: oftenRight<(typeof forms)[number]>(forms.slice(0, 4), "late"),
  });
  return fc.tuple(person, variant, outages).map(([who, variant, outage]) => {
    const label = `template(${who}, ${Object.values(variant).join(", ")}${said(outage)})`;
    return commandOf(label, [
      (model, real) => createTemplate(model, { who: nameOf(model, who), variant, outage }, real),
    ]);
  });
}

function loads(person: fc.Arbitrary<number>, pick: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc.tuple(person, pick).map(([who, which]) =>
    commandOf(`load(${who}, ${which})`, [
      (model) => {
        const template = known(model, nameOf(model, who), which);
        return template && loadTemplate(model, { who: nameOf(model, who), template });
      },
    ]),
  );
}

function creations(person: fc.Arbitrary<number>, pick: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc.tuple(person, pick, outages).map(([who, which, outage]) =>
    commandOf(`create(${who}, ${which}${said(outage)})`, [
      (model) => {
        const template = known(model, nameOf(model, who), which);
        return template && createRelationship(model, { who: nameOf(model, who), outage, template });
      },
    ]),
  );
}

function answers(person: fc.Arbitrary<number>, pick: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  const chosen = fc.oneof(
    { weight: 6, arbitrary: fc.nat(2) },
    { weight: 2, arbitrary: fc.integer({ min: 3, max: verdicts.length - 1 }) },
  );
  const waiting = ({ status }: Ask) => status === "ManualDecisionRequired";
  return fc.tuple(person, pick, chosen, outages).map(([who, which, verdictAt, outage]) =>
    commandOf(`answer(${who}, ${which}, ${verdictAt}${said(outage)})`, [
      (model) => {
        const asks = asksOf(sideOf(model, nameOf(model, who)), false);
        const ask = picked(which % 4 > 0 && asks.some(waiting) ? asks.filter(waiting) : asks, which);
        const verdict = verdicts[verdictAt];
        return ask && verdict && decideRequest(model, { who: nameOf(model, who), outage, ask, verdict });
      },
    ]),
  );
}

function deliveries(person: fc.Arbitrary<number>, pick: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc.tuple(person, pick, outages).map(([who, which, outage]) =>
    commandOf(`deliver(${who}, ${which}${said(outage)})`, [
      (model) => {
        const asks = asksOf(sideOf(model, nameOf(model, who)), false);
        const decided = asks.filter(({ status }) => status === "Decided");
        const ask = picked(decided.length > 0 ? decided : asks, which);
        return ask && deliverResponse(model, { who: nameOf(model, who), outage, ask });
      },
    ]),
  );
}

function legalSteps(person: fc.Arbitrary<number>, pick: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc
    .tuple(person, pick, outages)
    .map(([who, which, outage]) =>
      commandOf(`legalStep(${who}, ${which}${said(outage)})`, [
        (model) => legalStep(model, { who: nameOf(model, who), outage, pick: which }),
      ]),
    );
}

function anySteps(person: fc.Arbitrary<number>, pick: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  const step: fc.Arbitrary<Step> = fc.constantFrom(...steps);
  return fc.tuple(person, pick, step).map(([who, which, step]) =>
    commandOf(`step(${who}, ${which}, ${step})`, [
      (model) => {
        const name = nameOf(model, who);
        const mine = model.bonds.filter(({ id, from, to }) => id !== undefined && (from === name || to === name));
        const bond = picked(mine, which);
        return bond && stepOn(model, { who: name, bond, step });
      },
    ]),
  );
}

function drafts(person: fc.Arbitrary<number>, peer: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  const life = fc.oneof({ weight: 3, arbitrary: lifeMs }, { weight: 1, arbitrary: fc.constant(pastMs) });
  return fc
    .tuple(person, peer, life)
    .map(([who, distance, lifeMs]) =>
      commandOf(`draft(${who}, +${distance}, ${lifeMs})`, [
        (model, real) =>
          draftRequest(model, { who: nameOf(model, who), to: nameOf(model, who + distance), lifeMs, real }),
      ]),
    );
}

function sendings(person: fc.Arbitrary<number>, pick: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc.tuple(person, pick, outages).map(([who, which, outage]) =>
    commandOf(`send(${who}, ${which}${said(outage)})`, [
      (model, real) => {
        const ask = picked(asksOf(sideOf(model, nameOf(model, who)), true), which);
        return ask && sendRequest(model, { who: nameOf(model, who), outage, ask, real });
      },
    ]),
  );
}

function words(person: fc.Arbitrary<number>, peer: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return fc
    .tuple(person, peer, outages)
    .map(([who, distance, outage]) =>
      commandOf(`words(${who}, +${distance}${said(outage)})`, [
        (model, real) => sendWords(model, { who: nameOf(model, who), outage, to: nameOf(model, who + distance), real }),
      ]),
    );
}

function syncs(person: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return person.map((who) =>
    commandOf(`sync(${who})`, [(model, real) => sync(model, { who: nameOf(model, who), real })]),
  );
}

function cutSyncs(person: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  const cuts = fc.record({ left: fc.integer({ min: 1, max: 6 }), when: fc.constantFrom("before", "after") });
  return fc
    .tuple(person, cuts)
    .map(([who, cut]) =>
      commandOf(`sync(${who}, ${cut.left} ${cut.when})`, [
        (model, real) => sync(model, { who: nameOf(model, who), real, cut }),
      ]),
    );
}

function restarts(person: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return person.map((who) =>
    commandOf(`restart(${who})`, [(model, real) => startAgain(model, { who: nameOf(model, who), real })]),
  );
}

// Not past the time for which the relay remembers an answer that got lost.
function clocks(): fc.Arbitrary<HistoryCommand> {
  const minute = 60 * 1000;
  return fc.constantFrom(minute / 3, 31 * minute, 65 * minute, 65 * minute, 1900 * minute, 4300 * minute).map((ms) => ({
    check: () => true,
    run: async (model, { real }) => {
      const { clock } = real.world;
      if (model.lostAt === undefined || clock.now() + ms - model.lostAt < 6 * 24 * 60 * minute) clock.advance(ms);
    },
    toString: () => `clock(${ms / minute} min)`,
  }));
}

function repeats(person: fc.Arbitrary<number>): fc.Arbitrary<HistoryCommand> {
  return person.map((who) => ({
    check: () => true,
    run: (model, stage) => repeat(stage, nameOf(model, who)),
    toString: () => `repeat(${who})`,
  }));
}
