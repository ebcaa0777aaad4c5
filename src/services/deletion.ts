import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, tagged } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { activeDeletion, deletionEntity } from "../engine/identity-deletion.ts";
import { draftIntent, hasOpenIntent, inProgress, openIntent } from "../engine/intents.ts";
import { perform } from "../engine/performing.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import type { DeletionProcessRecord } from "../model/identity-records.ts";
import { keyOf } from "../model/keys.ts";
import type { IntentRecord } from "../model/records.ts";
import { atTheDoor, id, object, optional, options } from "./door.ts";
import { found, type List } from "./listing.ts";
import { looking } from "./looking.ts";

/** A deletion process as embedders see it (spec/domain.md 2.2). */
export type DeletionProcessView = DeletionProcessRecord;

/** Input of `deletion.start`. */
export interface NewDeletion {
  /** Fractions of a day are allowed. Default: the relay's. */
  readonly lengthOfGracePeriodInDays?: number;
}

/** The end of one's own identity, with its period of grace (spec/domain.md 2.2, spec/backbone-protocol.md 4.4). */
export interface Deletion {
  /** Begins it; peers hear of it, and nothing is synchronised until it is cancelled. */
  start(input?: NewDeletion, options?: CommandOptions): Promise<DeletionProcessView>;
  /** Takes it back, as long as the grace period lasts. */
  cancel(options?: CommandOptions): Promise<DeletionProcessView>;
  /** The one that is going on. Throws `error.runtime.identityDeletionProcess.noActiveIdentityDeletionProcess`. */
  active(): Promise<DeletionProcessView>;
  get(id: string): Promise<DeletionProcessView>;
  /** Every attempt that is known here, the oldest first. */
  list(): Promise<DeletionProcessView[]>;
}

/** The service of one account. */
export function createDeletion(account: Account): Deletion {
  const command = (named: { name: string; input: NewDeletion; options: CommandOptions | undefined }, run: Run) =>
    once<DeletionProcessView>(account, named, { run, replay: ({ id }) => read(account, String(id)) });

  const service: Deletion = {
    start: (input = {}, given) =>
      command({ name: "deletion.start", input, options: given }, (tag) => start(account, input, tag)),
    cancel: (given) => command({ name: "deletion.cancel", input: {}, options: given }, (tag) => cancel(account, tag)),
    active: async () => {
      const active = await activeDeletion(account, looking(account));
      if (active === undefined) throw fault(noneActive, "No deletion of this identity is going on.");
      return active;
    },
    get: (id) => read(account, id),
    list: () => found(account, processes, {}),
  };
  const input = optional(object("input", { lengthOfGracePeriodInDays: optional(days) }));
  return atTheDoor<Deletion>(service, { start: [input, options], cancel: [options], active: [], get: [id], list: [] });
}

const processes: List<DeletionProcessRecord, DeletionProcessView> = {
  kind: "deletions",
  fields: {},
  view: (record) => record,
};

type Run = (tag: CommandTag) => Promise<Outcome<DeletionProcessView>>;

const noneActive = "error.runtime.identityDeletionProcess.noActiveIdentityDeletionProcess";
const oneActive = "error.runtime.identityDeletionProcess.activeIdentityDeletionProcessAlreadyExists";

const days = (argument: unknown): Outcome<unknown> =>
  typeof argument === "number" && Number.isFinite(argument) && argument >= 0
    ? allow(argument)
    : refuse(
        "error.runtime.validation.invalidPropertyValue",
        "lengthOfGracePeriodInDays must be a number of days, 0 or more.",
      );

function start(account: Account, { lengthOfGracePeriodInDays: length }: NewDeletion, tag: CommandTag) {
  return begin(account, (active) => {
    if (active !== undefined) return refuse(oneActive, `The deletion ${active.id} is going on already.`);
    const body = length === undefined ? {} : { lengthOfGracePeriodInDays: length };
    const draft = { entity: deletionEntity, kind: "startDeletion", operation: "startDeletionProcess", body } as const;
    return allow(draftIntent(account, extended(draft, tagged(tag))));
  });
}

function cancel(account: Account, tag: CommandTag) {
  return begin(account, (active) => {
    if (active === undefined) return refuse(noneActive, "No deletion of this identity is going on.");
    const operation = "cancelDeletionProcess" as const;
    const draft = { entity: deletionEntity, kind: "cancelDeletion", operation, params: { id: active.id }, body: {} };
    return allow(draftIntent(account, extended(draft, tagged(tag))));
  });
}

function begin(
  account: Account,
  draft: (active: DeletionProcessRecord | undefined) => Outcome<IntentRecord>,
): Promise<Outcome<DeletionProcessView>> {
  return account.lanes.run(deletionEntity, async () => {
    const begun = await accountTurn(account, {
      gather: async (reads) => ({
        active: await activeDeletion(account, reads),
        isBusy: await hasOpenIntent(account, reads, deletionEntity),
      }),
      plan({ active, isBusy }, change): Outcome<IntentRecord> {
        if (isBusy) return inProgress(deletionEntity);
        const drafted = draft(active);
        if (drafted.ok) openIntent(account, change, { intent: drafted.value });
        return drafted;
      },
    });
    return begun.ok ? perform<DeletionProcessView>(account, begun.value) : begun;
  });
}

async function read(account: Account, id: string): Promise<DeletionProcessView> {
  const stored = await account.store.get<DeletionProcessRecord>(keyOf(account.id, "deletions", id));
  if (stored === undefined) throw fault("error.runtime.recordNotFound", `There is no deletion process ${id}.`);
  return stored.document;
}
