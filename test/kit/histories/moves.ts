// The moves of a history on templates and Relationships. A number picks among what there is when its turn comes.
import type { JsonObject } from "rapport/core";
import { localRefusal, type Step, steps } from "./lifecycle.ts";
import { type Bond, type Model, perform, seenBy, sideOf, type Template, type Wish } from "./model.ts";
import type { Move } from "./play.ts";
import type { Outage, Real } from "./real.ts";
import { load } from "./request-model.ts";
import { createByHand, takeStep } from "./side-model.ts";

/** Who moves, and what becomes of its calls. */
export interface Mover {
  readonly who: string;
  readonly outage?: Outage;
}

/** How a template is made; the last of each row is not allowed. */
export const lives = { hour: hours(1), days: hours(50), month: hours(700), past: -hours(1) } as const;
/** How many may load it. */
export const mosts = { any: undefined, one: 1, two: 2, none: 0 } as const;
/** What it holds. */
export const forms = [
  "arbitrary",
  "structured",
  "structured, open to friends",
  "structured, open for an hour",
  "late",
] as const;

/** A template's variant. */
export interface Variant {
  readonly life: keyof typeof lives;
  readonly most: keyof typeof mosts;
  readonly form: (typeof forms)[number];
}

/** The items of every Request here: one that must be accepted, one that may be. */
export const requestItems = [
  { "@type": "ConsentRequestItem", consent: "We may write to you.", mustBeAccepted: true },
  { "@type": "AuthenticationRequestItem", title: "It is you.", mustBeAccepted: false },
];

/** Makes a template. */
export function createTemplate(
  model: Model,
  { who, outage, variant }: Mover & { readonly variant: Variant },
  real: Real,
): Move {
  const now = () => real.world.clock.now();
  const iso = (ms: number) => new Date(ms).toISOString();
  const startedAt = Math.ceil(now() / 1000) * 1000 + 500;
  const expiresAt = startedAt + lives[variant.life];
  const most = mosts[variant.most];
  const isOpen = variant.form === "structured, open to friends" || variant.form === "structured, open for an hour";
  const friendsUntil = variant.form === "structured, open for an hour" ? startedAt + hours(1) : undefined;
  const request = { "@type": "Request", items: requestItems };
  const structured: JsonObject = {
    "@type": "RelationshipTemplateContent",
    onNewRelationship: variant.form === "late" ? { ...request, expiresAt: iso(expiresAt + hours(1)) } : request,
    ...(isOpen
      ? { onExistingRelationship: friendsUntil === undefined ? request : { ...request, expiresAt: iso(friendsUntil) } }
      : {}),
  };
  const isStructured = variant.form !== "arbitrary";
  const content = isStructured ? structured : { "@type": "ArbitraryRelationshipTemplateContent", value: { for: who } };
  const limit = most === undefined ? {} : { maxNumberOfAllocations: most };
  const friends = isOpen ? { onExisting: friendsUntil === undefined ? {} : { expiresAt: friendsUntil } } : {};
  const shape = { owner: who, isStructured, expiresAt, requestExpiresAt: expiresAt, ...friends };
  return {
    ...labelled(`${who} makes a template (${variant.form}, ${variant.life}, ${variant.most})`, { who, outage }),
    alike: (value) => value,
    run: (account, options) => account.templates.create({ content, expiresAt: iso(expiresAt), ...limit }, options),
    expect: ({ now, commandId }) => {
      if (expiresAt <= now || most === 0) return "error.runtime.validation.invalidPropertyValue";
      if (variant.form === "late") {
        return "error.runtime.relationshipTemplates.requestCannotExpireAfterRelationshipTemplate";
      }
      const template: Template = { ...shape, holders: new Set(), ...(most === undefined ? {} : { most }) };
      return perform(model, sideOf(model, who), { wish: publication(model, { who, template, commandId }), now });
    },
  };
}

function publication(model: Model, made: { who: string; template: Template; commandId: string | undefined }): Wish {
  return {
    kind: "createTemplate",
    key: made.template,
    peer: undefined,
    commandId: made.commandId,
    ask: (now) => {
      if (made.template.expiresAt <= now) return "error.platform.validation.invalidPropertyValue";
      model.templates.push(made.template);
      return undefined;
    },
    settle: () => {
      sideOf(model, made.who).templates.set(made.template, {});
    },
  };
}

/** Loads a template. */
export function loadTemplate(model: Model, { who, template }: Mover & { readonly template: Template }): Move {
  return {
    ...labelled(`${who} loads ${template.owner}'s template`, { who }),
    run: (account) => account.templates.load({ reference: template.reference ?? "" }),
    expect: ({ now }) => load(model, sideOf(model, who), { template, now }),
  };
}

/** Creates a Relationship by hand. */
export function createRelationship(
  model: Model,
  { who, outage, template }: Mover & { readonly template: Template },
): Move {
  const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: { from: who } };
  return {
    ...labelled(`${who} creates a Relationship on ${template.owner}'s template`, { who, outage }),
    alike: (value) => value,
    run: (account, options) =>
      account.relationships.create({ templateId: template.id ?? "", creationContent }, options),
    expect: (at) => createByHand(model, sideOf(model, who), { template, ...at }),
  };
}

/** Takes a step, with content where a step may have some. */
export function stepOn(model: Model, taken: Mover & { readonly bond: Bond; readonly step: Step }): Move {
  const { who, outage, bond, step } = taken;
  const content = step === "accept" || step === "reject" ? { content: { said: step } } : {};
  return {
    ...labelled(`${who}: ${step} on the Relationship ${bond.from} to ${bond.to}`, { who, outage }),
    alike: (value) => value,
    run: (account, options) => account.relationships[step](bond.id ?? "", { ...options, ...content }),
    expect: (at) => takeStep(model, sideOf(model, who), { bond, step, ...at }),
  };
}

/** A step that is legal as far as the person knows, if there is one. */
export function legalStep(model: Model, { who, outage, pick }: Mover & { readonly pick: number }): Move | undefined {
  const side = sideOf(model, who);
  const legal = [...side.views.keys()].flatMap((bond) =>
    steps
      .filter(
        (step) => bond.id !== undefined && localRefusal(step, who, { ...bond, log: seenBy(side, bond) }) === undefined,
      )
      .map((step) => ({ bond, step })),
  );
  const chosen = picked(legal, pick);
  return chosen === undefined ? undefined : stepOn(model, { who, outage, ...chosen });
}

/** The one that a number means. */
export function picked<T>(all: readonly T[], pick: number): T | undefined {
  return all[pick % Math.max(1, all.length)];
}

/** What every move has; how its calls get lost is part of its name. */
export function labelled(label: string, { who, outage }: Mover): Pick<Move, "who" | "label" | "outage"> {
  if (outage === undefined) return { who, label };
  return { who, label: `${label} (${outage.howMany} lost ${outage.when} the relay heard)`, outage };
}

function hours(count: number): number {
  return count * 60 * 60 * 1000;
}
