// What one person's engine does with Relationships, from spec/domain.md 3.
import { isExisting, localRefusal, type Step, statusOf } from "./lifecycle.ts";
import {
  type Ask,
  type Bond,
  bondWith,
  type Ending,
  existingWith,
  type Model,
  type Post,
  peerIn,
  perform,
  resume,
  type Side,
  seenBy,
  type Template,
  type Wish,
  youngestOf,
} from "./model.ts";
import { act, alreadyExists, createBond, ownTemplate, sendPost } from "./relay-model.ts";

const t = "error.transport.relationships.";

/** What a command on something of which one call may be open says to a second one. */
export const inProgress = "command.inProgress";

/** Who, when, and the commandId, if the command has one. */
export interface At {
  readonly now: number;
  readonly commandId?: string | undefined;
}

/** The status that the clock leaves a LocalRequest in. */
export function clocked(ask: Ask, now: number): string {
  const isOver = ask.expiresAt !== undefined && now > ask.expiresAt;
  return isOver && ask.status !== "Completed" ? "Expired" : ask.status;
}

/** Writes a change of status. */
export function move(ask: Ask, status: string): void {
  ask.log.push(`${ask.status}>${status}`);
  ask.status = status;
}

/** Runs the deadlines that have passed (T1). */
export function settle(side: Side, now: number): void {
  for (const ask of side.asks) if (clocked(ask, now) !== ask.status) move(ask, "Expired");
}

/** Starting again after a kill. */
export function restart(model: Model, side: Side, now: number): void {
  settle(side, now);
  resume(model, side, now);
}

/** A step on a Relationship. */
export function takeStep(model: Model, side: Side, asked: { readonly bond: Bond; readonly step: Step } & At): Ending {
  const { bond, step, now, commandId } = asked;
  if (!side.views.has(bond)) return "error.runtime.recordNotFound";
  if (side.wishes.has(bond)) return inProgress;
  const code = localRefusal(step, side.name, { ...bond, log: seenBy(side, bond) });
  if (code !== undefined) return code;
  let length = 0;
  const wish: Wish = {
    kind: step === "decompose" ? "decompose" : "changeStatus",
    key: bond,
    peer: peerIn(bond, side.name),
    commandId,
    ask: () => {
      const refusal = act(model, side.name, { bond, step });
      length = bond.log.length;
      return refusal;
    },
    settle: () => {
      if (step === "decompose") erase(side, bond);
      else see(side, bond, length);
    },
  };
  return perform(model, side, { wish, now });
}

function see(side: Side, bond: Bond, length: number): void {
  side.views.set(bond, Math.max(side.views.get(bond) ?? 0, length));
}

function erase(side: Side, bond: Bond): void {
  const peer = peerIn(bond, side.name);
  side.views.delete(bond);
  for (const other of side.views.keys()) if (peerIn(other, side.name) === peer) side.forgotten.add(other);
  side.asks = side.asks.filter((ask) => ask.peer !== peer);
  side.posts = side.posts.filter(({ from, to }) => from !== peer && to !== peer);
  for (const template of [...side.templates.keys()]) {
    const isSpent = template === bond.template && template.owner === side.name && template.most === 1;
    if (isSpent) template.isWithdrawn = true;
    if (template.owner === peer || isSpent) side.templates.delete(template);
  }
  for (const wish of [...side.wishes.values()]) if (wish.peer === peer) side.wishes.delete(wish.key);
  for (const [id, command] of [...side.done]) if (command.peer === peer) side.done.delete(id);
}

const wrongContent = "error.runtime.validation.invalidPropertyValue";

/** Creating a Relationship by hand, with arbitrary content. */
export function createByHand(model: Model, side: Side, asked: { readonly template: Template } & At): Ending {
  const { template, now, commandId } = asked;
  const { owner } = template;
  if (!side.templates.has(template)) return "error.runtime.recordNotFound";
  if (existingWith(side, owner) !== undefined) return `${t}relationshipCurrentlyExists`;
  if (now > template.expiresAt) return `${t}relationshipTemplateIsExpired`;
  // The content is judged before the relay would say whose template it is (spec/domain.md 3.2).
  if (owner === side.name) return template.isStructured ? wrongContent : ownTemplate;
  const isBusy = side.wishes.has(creationKey(owner));
  const youngest = youngestOf(model, side.name, owner);
  if (youngest !== undefined && isExisting(youngest.log)) return isBusy ? inProgress : alreadyExists;
  if (template.isStructured) return wrongContent;
  if (isBusy) return inProgress;
  return perform(model, side, { wish: creation(model, side, { template, commandId }), now });
}

/** One creation at a time per peer. */
export const creationKey = (peer: string): string => `a Relationship with ${peer}`;

/** What a creation is made of. */
interface Creation {
  readonly template: Template;
  readonly answers?: Ask;
  readonly commandId?: string | undefined;
}

/** The wish for a Relationship, by hand or as the answer to a Request. */
export function creation(model: Model, side: Side, { template, answers, commandId }: Creation): Wish {
  let made: Bond | undefined;
  return {
    kind: "createRelationship",
    key: creationKey(template.owner),
    peer: template.owner,
    commandId,
    answers,
    ask: (now) => {
      const created = createBond(model, side.name, { template, now, ...(answers === undefined ? {} : { answers }) });
      if (typeof created === "string") return created;
      made = created;
      return undefined;
    },
    settle: () => {
      if (made !== undefined) see(side, made, 1);
      if (answers?.status === "Decided") move(answers, "Completed");
    },
  };
}

/** What a Message is made of. */
interface Letter {
  readonly to: string;
  readonly key: unknown;
  readonly carries?: Ask;
  readonly answers?: Ask;
  readonly commandId?: string | undefined;
}

/** The wish for a Message. */
export function letter(model: Model, side: Side, { to, key, carries, answers, commandId }: Letter): Wish {
  const what = { ...(carries === undefined ? {} : { carries }), ...(answers === undefined ? {} : { answers }) };
  let made: Post | undefined;
  return {
    kind: "sendMessage",
    key,
    peer: to,
    commandId,
    answers,
    ask: (now) => {
      const sent = sendPost(model, { from: side.name, to, at: now, ...what });
      if (typeof sent === "string") return sent;
      made = sent;
      return undefined;
    },
    settle: () => {
      if (made !== undefined) side.posts.push(made);
      if (carries?.status === "Draft") move(carries, "Open");
      if (answers?.status === "Decided") move(answers, "Completed");
    },
  };
}

/** Whether Messages may go to a peer. */
export function mayWrite(side: Side, peer: string): boolean {
  const bond = bondWith(side, peer);
  return bond !== undefined && statusOf(seenBy(side, bond)) === "Active";
}
