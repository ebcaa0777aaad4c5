// What people do while relays are killed. Every answer is remembered in the ledger, and looked for again.
import { base64, encryptedKey } from "../../relay/parties.ts";
import { fileOf, type HttpParty } from "./http-parties.ts";
import type { Persistent } from "./kill-stage.ts";
import type { Draw } from "./proof.ts";
import { must } from "./race.ts";
import { auditFlaws } from "./store-laws.ts";

/** What was answered as done. */
export interface Ledger {
  readonly templates: string[];
  readonly relationships: string[];
  readonly files: string[];
  /** Audit entries by Relationship, as they were answered last. */
  readonly auditById: Map<string, readonly string[]>;
  /** Indexes of the events that each address was told of. */
  readonly toldByAddress: Map<string, number[]>;
  /** Modifications that each address has pushed, in order. */
  readonly pushedByAddress: Map<string, string[]>;
}

/** An empty one. */
export function emptyLedger(): Ledger {
  return {
    templates: [],
    relationships: [],
    files: [],
    auditById: new Map(),
    toldByAddress: new Map(),
    pushedByAddress: new Map(),
  };
}

/** One pair and its plan. */
export interface Couple {
  readonly from: HttpParty;
  readonly to: HttpParty;
  readonly draw: Draw;
  readonly calls: Persistent;
  readonly ledger: Ledger;
}

/** From the first template to the end of the Relationship. */
export async function liveOnce(couple: Couple): Promise<void> {
  const { from, to, draw, calls, ledger } = couple;
  const template = await calls.once(to, "createTemplate", {
    body: { content: base64("a template"), maxNumberOfAllocations: 2 },
  });
  ledger.templates.push(template.id);
  const body = { relationshipTemplateId: template.id, creationContent: base64("creation") };
  const { id } = await calls.once(from, "createRelationship", { body });
  ledger.relationships.push(id);
  await upload(couple);
  await sync(couple, to);
  const answers = ["rejectRelationship", "revokeRelationship", "acceptRelationship", "acceptRelationship"] as const;
  const answer = answers[draw(answers.length)] ?? "acceptRelationship";
  await step(couple, answer === "revokeRelationship" ? from : to, { operation: answer, id });
  await sync(couple, answer === "revokeRelationship" ? to : from);
  if (answer !== "acceptRelationship") return;
  await correspond(couple);
  await step(couple, from, { operation: "terminateRelationship", id });
  await sync(couple, to);
  await step(couple, to, { operation: "decomposeRelationship", id });
  await sync(couple, from);
  await step(couple, from, { operation: "decomposeRelationship", id });
}

async function upload({ from, calls, ledger }: Couple): Promise<void> {
  const file = fileOf(new Date(Date.now() + 3_600_000).toISOString(), `bytes ${ledger.files.length}`);
  const { id } = await calls.once(from, "createFile", file);
  ledger.files.push(id);
  const content = await calls.call(from, "getFileContent", { id });
  must(Buffer.from(content.ok ? (content.bytes ?? []) : []).equals(Buffer.from(file.bytes)), `${id} has its bytes`);
}

type Step =
  | "acceptRelationship"
  | "rejectRelationship"
  | "revokeRelationship"
  | "terminateRelationship"
  | "decomposeRelationship";

async function step(
  { calls, ledger, from, to }: Couple,
  by: HttpParty,
  at: { operation: Step; id: string },
): Promise<void> {
  const { operation, id } = at;
  const body = operation === "acceptRelationship" ? { creationResponseContent: base64("response") } : {};
  const { auditLog } = await calls.once(by, operation, { id, body });
  ledger.auditById.set(
    id,
    auditLog.map((entry: object) => JSON.stringify(entry)),
  );
  if (operation === "decomposeRelationship") return;
  const [seen, alsoSeen] = await Promise.all([from, to].map((party) => calls.ok(party, "getRelationship", { id })));
  must(JSON.stringify(seen) === JSON.stringify(alsoSeen), "both see the same", [seen, alsoSeen]);
  must(JSON.stringify(seen.auditLog) === JSON.stringify(auditLog), "what was answered is there", [seen, auditLog]);
  must(auditFlaws(id, auditLog).length === 0, "the audit log chains", auditLog);
}

/** Messages in one direction, read by the other side; each of them is there once. */
async function correspond(couple: Couple): Promise<void> {
  const { from, to, draw, calls } = couple;
  const sent: string[] = [];
  for (let times = 2 + draw(4); times > 0; times -= 1) {
    const body = { recipients: [{ address: to.address, encryptedKey }], body: base64("hello") };
    const { id } = await calls.once(from, "createMessage", { body });
    sent.push(id);
    if (draw(2) === 0) await calls.ok(to, "getMessage", { id });
  }
  await sync(couple, to);
  for (const party of [from, to]) {
    const found = await calls.ok(party, "listMessages", { query: { PageSize: "200" } });
    const ids = found.map(({ id }: { id: string }) => id).sort();
    must(JSON.stringify(ids) === JSON.stringify([...sent].sort()), "each Message is there once", { ids, sent });
  }
}

/** One sync run with a modification of the datawallet; events come densely and once. */
async function sync({ calls, ledger }: Couple, by: HttpParty): Promise<void> {
  const { address } = by;
  const told = ledger.toldByAddress.get(address) ?? [];
  const pushed = ledger.pushedByAddress.get(address) ?? [];
  const { syncRun } = await calls.once(by, "startSyncRun", { body: { type: "ExternalEventSync", duration: 600 } });
  must(syncRun !== null, `${address} has news`, told);
  const { id } = syncRun;
  const events = await calls.ok(by, "listExternalEvents", { id, query: { PageSize: "200" } });
  const externalEventResults = events.map((event: { id: string }) => ({ externalEventId: event.id }));
  const objectIdentifier = `${pushed.length}`;
  const datawalletModifications = [{ objectIdentifier, collection: "Kills", type: "Create", datawalletVersion: 1 }];
  const body = { externalEventResults, datawalletModifications };
  const ended = await calls.once(by, "finalizeExternalEventSync", { id, body });
  must(ended.newDatawalletModificationIndex === pushed.length, "modifications are dense", ended);
  told.push(...events.map(({ index }: { index: number }) => index));
  must(
    told.every((index, at) => index === at),
    `the events of ${address} are dense`,
    told,
  );
  ledger.toldByAddress.set(address, told);
  ledger.pushedByAddress.set(address, [...pushed, ended.datawalletModifications[0].id]);
}
