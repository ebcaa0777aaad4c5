import { type Outcome, type Refusal, refuse } from "../errors/refusal.ts";
import { turnRerunsMax } from "../limits.ts";
import type { Call } from "../ports/transport.ts";
import { takeTurn } from "../turn/turn.ts";
import { isOperationName, operations } from "../wire/operations.ts";
import { type Asked, askedAt, notFound } from "./asked.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import { challengePath } from "./documents.ts";
import { takeAgain, type Work } from "./draft.ts";
import { parseBody } from "./fields.ts";
import { handlers, openHandlers } from "./handlers.ts";
import { remembering } from "./idempotency.ts";
import { byTheLiving, unauthorized } from "./living.ts";
import type { News } from "./news.ts";
import { answerOf, errorOf, type RelayAnswer, type Reply } from "./reply.ts";
import type { Sweeper } from "./sweeper.ts";

/** Carries out one call: checks, one turn with its idempotency key, then the wake-ups. */
export async function carryOut(
  desk: Desk & { readonly news: News; readonly sweeper: Sweeper },
  call: Call,
  caller: Caller | undefined,
): Promise<RelayAnswer> {
  const { operation } = call;
  if (!isOperationName(operation))
    return errorOf(refuse("error.platform.recordNotFound", "No such operation.").refusal);
  const body = parseBody(call.body);
  if (!body.ok) return errorOf(body.refusal);
  const asked = askedAt(call, body.value, desk.clock.now());
  if (caller === undefined && !isOpen(operation)) return errorOf(unauthorized);
  const prepared = prepare(asked, desk, caller);
  if (!prepared.ok && caller === undefined && call.idempotencyKey === undefined) return errorOf(prepared.refusal);
  // With a key even a refusal waits for the turn, because a stored answer wins over it (I2).
  const remembered = remembering(asked, desk, {
    caller,
    work: prepared.ok ? prepared.value : refusing(prepared.refusal),
    isSound: prepared.ok,
  });
  if (!remembered.ok) return errorOf(remembered.refusal);

  const { work, swept: kept } = remembered.value;
  const outcome = await takeWork(desk, caller === undefined ? work : byTheLiving(asked, caller, work));
  if (!outcome.ok) return errorOf(outcome.refusal);
  desk.news.tell(outcome.value.news);
  const swept = kept ?? sweptBy(operation);
  if (swept !== undefined) await desk.sweeper.sweep(swept);
  if ("refusal" in outcome.value) return errorOf(outcome.value.refusal);
  for (const { message, facts } of outcome.value.warnings ?? []) desk.log?.write("warn", message, facts);
  for (const path of new Set(outcome.value.swept)) await desk.sweeper.sweep(path);
  await desk.sweeper.eraseBlobs(outcome.value.doomedBlobs ?? []);
  await desk.sweeper.eraseLeft(outcome.value.isMoreLeft);
  return answerOf(outcome.value, operations[operation].success);
}

function prepare(asked: Asked, desk: Desk, caller: Caller | undefined): Outcome<Work> {
  const { operation } = asked.call;
  if (isOpen(operation)) return openHandlers[operation](asked, desk, caller);
  if (caller === undefined) return { ok: false, refusal: unauthorized };
  return handlers[operation]?.(asked, desk, caller) ?? notFound("Operation");
}

function refusing(refusal: Refusal): Work {
  return { gather: async () => undefined, plan: () => ({ ok: false, refusal }) };
}

function isOpen(operation: Call["operation"]): operation is keyof typeof openHandlers {
  return Object.hasOwn(openHandlers, operation);
}

/** A plan that assumed a counter to be lower than it is gives `takeAgain`; the next one peeks the new value. */
async function takeWork(desk: Desk, work: Work): Promise<Outcome<Reply>> {
  for (let tries = 0; ; tries += 1) {
    const outcome = await takeTurn(desk, work);
    if (outcome.ok || outcome.refusal !== takeAgain || tries >= turnRerunsMax) return outcome;
  }
}

function sweptBy(operation: Call["operation"]): string | undefined {
  return operation === "createChallenge" ? challengePath : undefined;
}
