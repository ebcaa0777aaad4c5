/**
 * The datawallet, as small as the protocol allows (spec/backbone-protocol.md 7).
 *
 * D1. Modifications of an identity are numbered densely from 0, in the order of the commits that pushed them.
 */
import { type Outcome, refuse } from "../errors/refusal.ts";
import { contentBytesMax, modificationsPerPushMax } from "../limits.ts";
import { newId } from "../model/ids.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireModification, WirePushedModification } from "../wire/shapes.ts";
import { type Asked, cut, type Handler, notFound, pageOf, queryText, work } from "./asked.ts";
import type { Caller } from "./caller.ts";
import type { Desk } from "./desk.ts";
import {
  type DatawalletDocument,
  datawalletKey,
  entryIndex,
  type ModificationDocument,
  modificationKey,
  modificationStream,
  type SyncRunDocument,
  syncRunKey,
} from "./documents.ts";
import { answerOnly, createDraft, type Draft } from "./draft.ts";
import { type Fields, fieldsOf, invalid } from "./fields.ts";
import { loadAll } from "./loading.ts";
import { countAgainstQuota } from "./quotas.ts";

/** Members of a modification that only the sender knows. */
type Sent = Omit<ModificationDocument, "id" | "createdAt" | "createdByDevice">;

const types = ["Create", "Update", "Delete", "CacheChanged"] as const;

export const getDatawallet: Handler = (_asked, _desk, caller) =>
  work({
    gather: (reads) => reads.peek<DatawalletDocument>(datawalletKey(caller.address)),
    plan: (wallet) =>
      wallet === undefined ? notFound("Datawallet") : answerOnly({ version: wallet.document.version }),
  });

/** Of modifications of the same thing only the newest is answered. */
export const listModifications: Handler = (asked, _desk, caller) => {
  const page = pageOf(asked);
  if (!page.ok) return page;
  // An empty text is no index: as a number it would be 0, and the first modification would be missing.
  const localIndex = Number(queryText(asked, "localIndex") || -1);
  if (!Number.isSafeInteger(localIndex) || localIndex < -1)
    return invalid("localIndex must be an integer of at least -1.");
  return work({
    gather: async (reads) => {
      const wallet = await gatherWallet(reads, caller);
      const stream = modificationStream(caller.address);
      const after = localIndex < 0 ? {} : { after: modificationKey(caller.address, localIndex) };
      // Indexes alone: payloads of a whole datawallet need not fit into memory.
      const newest = new Map<string, number>();
      for await (const { key, document } of reads.find<ModificationDocument>({ under: stream, ...after })) {
        const of = JSON.stringify([document.objectIdentifier, document.type, document.payloadCategory]);
        newest.delete(of);
        newest.set(of, entryIndex(key));
      }
      const { items, pagination } = cut([...newest.values()], page.value);
      const shown = await loadAll(
        items,
        (index) => gatherModification(reads, caller, index),
        ({ encryptedPayload }) => [encryptedPayload],
      );
      return { wallet, shown, pagination };
    },
    plan: ({ wallet, shown, pagination }) => {
      const supported = supports(asked, wallet);
      if (!supported.ok) return supported;
      if (!shown.ok) return shown;
      return answerOnly(shown.value, pagination === undefined ? {} : { pagination });
    },
  });
};

/** None when the identity was erased in between. */
async function gatherModification(reads: Reads, caller: Caller, index: number): Promise<WireModification | undefined> {
  const stored = await reads.peek<ModificationDocument>(modificationKey(caller.address, index));
  return stored === undefined ? undefined : wireModification(index, stored.document);
}

export const pushModifications: Handler = (asked, desk, caller) => {
  const fields = fieldsOf(asked.body);
  const localIndex = fields.integer("localIndex", -1);
  const sent = modificationsIn(fields, "modifications");
  if (fields.problem !== undefined) return { ok: false, refusal: fields.problem };
  return work({
    gather: async (reads) => ({
      wallet: await gatherWallet(reads, caller),
      next: await gatherNext(reads, caller),
      run: await reads.get<SyncRunDocument>(syncRunKey(caller.address)),
    }),
    plan: ({ wallet, next, run }) => {
      const supported = supports(asked, wallet);
      if (!supported.ok) return supported;
      if (wallet === undefined) return notFound("Datawallet");
      if (run !== undefined && !run.document.finalized && run.document.expiresAtMs > asked.nowMs) {
        return refuse(
          "error.platform.validation.datawallet.cannotPushDatawalletModificationsDuringActiveSyncRun",
          "A sync run is active.",
        );
      }
      if (next > 0 && localIndex !== next - 1) {
        return refuse("error.platform.validation.datawallet.datawalletNotUpToDate", `The latest index is ${next - 1}.`);
      }
      const draft = createDraft();
      const pushed = push(asked, desk, { draft, caller, sent, next, version: wallet.version });
      if (!pushed.ok) return pushed;
      return draft.answer({ newIndex: next + sent.length - 1, modifications: pushed.value });
    },
  });
};

/** The modifications in a member of the body. */
export function modificationsIn(fields: Fields, name: string): readonly Sent[] {
  return fields.objects(name, modificationsPerPushMax).map((item) => {
    const inner = fieldsOf(item);
    const type = types.find((known) => known === item["type"]);
    if (type === undefined) inner.fail("type", `one of ${types.join(", ")}`);
    const sent: Sent = {
      objectIdentifier: inner.text("objectIdentifier", 100),
      payloadCategory: inner.textOrNull("payloadCategory", 50),
      collection: inner.text("collection", 50),
      type: type ?? "Create",
      encryptedPayload: inner.base64OrNull("encryptedPayload", { max: contentBytesMax }),
      datawalletVersion: inner.integer("datawalletVersion", 0),
    };
    if (inner.problem !== undefined) fields.fail(name, `well formed: ${inner.problem.message}`);
    return sent;
  });
}

/** What a push is made of. */
export interface Push {
  readonly draft: Draft;
  readonly caller: Caller;
  readonly sent: readonly Sent[];
  /** The index of the first new modification. */
  readonly next: number;
  /** The datawallet's version. */
  readonly version: number;
}

/** Appends modifications to the draft. */
export function push(asked: Asked, desk: Desk, at: Push): Outcome<readonly WirePushedModification[]> {
  const { draft, caller, sent, next, version } = at;
  if (sent.some(({ datawalletVersion }) => datawalletVersion > version)) {
    return refuse(
      "error.platform.datawallet.datawalletVersionOfModificationTooHigh",
      `The datawallet has version ${version}.`,
    );
  }
  const { address } = caller;
  if (sent.length > 0) draft.tellDevices(address, caller.deviceId);
  const metric = "NumberOfCreatedDatawalletModifications";
  countAgainstQuota(draft, desk, { address, metric, by: sent.length, nowMs: asked.nowMs });
  const pushed = sent.map((item, offset) => {
    const id = newId("DWM", desk.entropy);
    const document: ModificationDocument = { id, createdAt: asked.now, createdByDevice: caller.deviceId, ...item };
    draft.append(modificationStream(caller.address), document, next + offset);
    return { id, index: next + offset, createdAt: asked.now };
  });
  return { ok: true, value: pushed };
}

/** The datawallet of the caller. */
export async function gatherWallet(reads: Reads, caller: Caller): Promise<DatawalletDocument | undefined> {
  return (await reads.get<DatawalletDocument>(datawalletKey(caller.address)))?.document;
}

/** The index that the next modification gets. */
export async function gatherNext(reads: Reads, caller: Caller): Promise<number> {
  return (await reads.get<{ next: number }>(modificationStream(caller.address)))?.document.next ?? 0;
}

/** Clients that are older than the datawallet must not touch it. */
export function supports(asked: Asked, wallet: DatawalletDocument | undefined): Outcome<undefined> {
  const supported = asked.call.supportedDatawalletVersion ?? 1;
  if (!Number.isSafeInteger(supported) || supported < 1) {
    return invalid("The supported datawallet version must be an integer of at least 1.");
  }
  if (wallet === undefined || supported >= wallet.version) return { ok: true, value: undefined };
  return refuse(
    "error.platform.validation.datawallet.insufficientSupportedDatawalletVersion",
    `The datawallet has version ${wallet.version}.`,
  );
}

function wireModification(index: number, document: ModificationDocument): WireModification {
  const { id, objectIdentifier, payloadCategory, createdAt, createdByDevice, ...rest } = document;
  return { id, index, objectIdentifier, payloadCategory, createdAt, createdByDevice, ...rest };
}
