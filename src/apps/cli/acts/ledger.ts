// The end of the story: what both sides hold, and what the relay learned.
import type { RelationshipView } from "rapport";
import { number, type Row } from "../narrator.ts";
import type { Stage } from "../stage.ts";
import type { StoreChoice } from "../store-choice.ts";

/** One Relationship as one side holds it. */
export interface LedgerRow {
  readonly side: string;
  readonly with: string;
  readonly id: string;
  readonly status: string;
  readonly auditLog: readonly string[];
}

/** What is left when the story is over. */
export interface Ledger {
  readonly relationships: readonly LedgerRow[];
  /** True when both sides hold the same Relationships with the same status and audit log. */
  readonly isSameOnBothSides: boolean;
  readonly relay: {
    readonly calls: number;
    readonly bytes: number;
    readonly ciphertexts: number;
    readonly ciphertextBytes: number;
    readonly textsLookedFor: number;
    /** Texts of the parties that reached the relay unencrypted. */
    readonly textsFound: readonly string[];
  };
}

const rowsShownMax = 20;

/** Prints both sides' Relationships and audit logs, and looks for plaintext at the relay. */
export async function showLedger(stage: Stage, store: StoreChoice): Promise<Ledger> {
  const { narrator, players, library, witness, confided } = stage;
  const rows: LedgerRow[] = [];
  const views = new Map<string, RelationshipView[]>();
  for (const { name, account } of players) {
    for (const view of await account.relationships.find()) {
      views.set(view.id, [...(views.get(view.id) ?? []), view]);
      const peer = players.find((one) => one.account.address === view.peer)?.name ?? view.peer;
      const auditLog = view.auditLog.map((entry) => auditLine(entry, stage));
      rows.push({ side: name, with: peer, id: view.id, status: view.status, auditLog });
    }
  }
  const isSameOnBothSides = [...views.values()].every(isPairOfEqual);
  const texts = [...confided];
  const { calls, ...sizes } = witness.total();
  const textsFound = witness.readable(texts);
  const relay = { calls: calls.length, ...sizes, textsLookedFor: texts.length, textsFound };
  narrator.act("What is left");
  narrator.say("The Relationships of both sides, each with its audit log:");
  narrator.table(ledgerTable(rows.toReversed().slice(0, rowsShownMax).toReversed()));
  const hidden = rows.length - rowsShownMax;
  if (hidden > 0) narrator.say(`${number(hidden)} older rows are not shown.`);
  narrator.say(
    `${library.name} and the readers ${isSameOnBothSides ? "hold the same, entry for entry" : "DO NOT HOLD THE SAME"}. Nothing of Mara's is listed: it was erased.`,
  );
  narrator.say(relayText(relay));
  narrator.say(nextText(store));
  return { relationships: rows, isSameOnBothSides, relay };
}

/** An audit log in one line. */
export function auditText(log: RelationshipView["auditLog"], stage: Stage): string {
  return log.map((entry) => auditLine(entry, stage)).join("; ");
}

function auditLine(entry: RelationshipView["auditLog"][number], { players }: Stage): string {
  const by = players.find(({ account }) => account.address === entry.createdBy)?.name ?? entry.createdBy;
  return `${entry.reason} by ${by} -> ${entry.newStatus}`;
}

function isPairOfEqual(views: readonly RelationshipView[]): boolean {
  const seen = views.map(({ status, auditLog }) => JSON.stringify([status, auditLog]));
  return seen.length === 2 && seen[0] === seen[1];
}

function ledgerTable(rows: readonly LedgerRow[]): readonly Row[] {
  const told = rows.map((row) => ({ cells: [row.side, row.with, row.id, row.status], below: row.auditLog }));
  return [{ cells: ["side", "with", "Relationship", "status"] }, ...told];
}

function relayText({
  calls,
  bytes,
  ciphertexts,
  ciphertextBytes,
  textsLookedFor,
  textsFound,
}: Ledger["relay"]): string {
  const heard = `The relay heard ${number(calls)} calls with ${number(bytes)} bytes, of these ${number(ciphertexts)} ciphertexts with ${number(ciphertextBytes)} bytes.`;
  const looked = `We looked for ${number(textsLookedFor)} texts of the parties in everything it heard and kept`;
  return textsFound.length === 0
    ? `${heard} ${looked}, and found none of them.`
    : `${heard} ${looked}, and FOUND ${textsFound.map((text) => JSON.stringify(text)).join(", ")}.`;
}

function nextText({ name, files }: StoreChoice): string {
  if (files === undefined)
    return "Nothing was kept. To keep it: npx rapport story --store sqlite:story.db. With your own template: --template my.json. All options: npx rapport help.";
  return `Everything is kept in ${files.engine} and ${files.relay}. Run the story again with --store ${name}:${files.engine}, and it goes on with these identities.`;
}
