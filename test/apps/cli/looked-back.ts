// A store with decisions in it, as an engine leaves it, and the commands that look back on it.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createRapport } from "rapport";
import { type RequestEntry, rulesTable } from "rapport/plugins/rules-table";
import { lowdbStorage } from "rapport/plugins/storage-lowdb";
import { sqliteStorage } from "rapport/plugins/storage-sqlite";
import { runCommand } from "../../../src/apps/cli/command.ts";
import { temporaryFolder } from "./told.ts";

/** What decided: consents are accepted, and the rest of a Request that has the title is rejected. */
export const entries: readonly RequestEntry[] = [
  {
    name: "consents",
    requestConfig: { "content.item.@type": "ConsentRequestItem" },
    responseConfig: { accept: true },
  },
  { name: "no-news", requestConfig: { "content.title": "News" }, responseConfig: { accept: false, code: "no.news" } },
];

/** Many lines that match nothing. */
export const idle = (count: number): readonly RequestEntry[] =>
  Array.from({ length: count }, (_, n) => ({
    name: `idle-${n}`,
    requestConfig: { "content.title": `Nothing ${n}`, "source.type": n === 700 ? "RelationshipTemplate" : "Message" },
    responseConfig: { accept: false },
  }));

const consent = { "@type": "ConsentRequestItem", consent: "We may write.", mustBeAccepted: true };
const field = {
  "@type": "FormFieldRequestItem",
  title: "Your name",
  mustBeAccepted: false,
  settings: { "@type": "StringFormFieldSettings" },
};

/** The store, closed, and the ids of two Requests: one the table decided, and one that it left to a person. */
export async function lookedBack(kind: "sqlite" | "lowdb" = "sqlite", more: readonly RequestEntry[] = []) {
  const file = join(temporaryFolder(), "store");
  const storage = kind === "sqlite" ? sqliteStorage({ file }) : lowdbStorage({ file });
  const rules = rulesTable({ config: [...more, ...entries], neverAutomatic: [] });
  await using rapport = await createRapport({ plugins: [storage, rules], background: false });
  const me = await rapport.accounts.create({ name: "me" });
  const ids: string[] = [];
  for (const [name, title] of [
    ["ann", "News"],
    ["bob", "Library card"],
  ] as const) {
    const peer = await rapport.accounts.create({ name });
    const onNewRelationship = { "@type": "Request", title, items: [consent, field] };
    const content = { "@type": "RelationshipTemplateContent", onNewRelationship };
    const template = await peer.templates.create({ content, expiresAt: "2099-01-01T00:00:00.000Z" });
    const { id } = await me.templates.load({ reference: template.reference.truncated });
    const [request] = await me.requests.incoming.find({ "source.reference": id });
    ids.push(String(request?.id));
  }
  const [decided = "", waiting = ""] = ids;
  return { file, store: `${kind}:${file}`, decided, waiting };
}

/** A file with rules in a folder of its own. */
export function rulesFile(content: unknown, name = "rules.json"): string {
  const file = join(temporaryFolder(), name);
  writeFileSync(file, typeof content === "string" ? content : JSON.stringify(content));
  return file;
}

/** Runs a command in this process. */
export async function ran(...words: string[]) {
  const out: string[] = [];
  const err: string[] = [];
  const terminal = {
    write: (line: string) => out.push(line),
    complain: (line: string) => err.push(line),
    colour: false,
  };
  const exit = await runCommand(words, terminal);
  return { exit, out: out.join("\n"), err: err.join("\n") };
}

/** What a file holds, in short. */
export const printOf = (file: string) => createHash("sha256").update(readFileSync(file)).digest("hex");
