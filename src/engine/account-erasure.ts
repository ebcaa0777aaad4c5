/**
 * Taking an account out of the store, in commits of bounded size.
 *
 * E1. The first commit takes its keys and says under its name that it is being erased; the last one frees the name. A crash
 *     in between leaves that word, and the next start goes on.
 * E2. Whoever works with the account in this process has stopped before. Other processes on the same store cannot write to it
 *     from the first commit on (E3), and let go of it.
 */
import { fault } from "../errors/rapport-error.ts";
import { documentsErasedAtOnceMax } from "../limits.ts";
import {
  accountCommandsPath,
  accountKey,
  accountNameKey,
  accountNamesPath,
  keyOf,
  kinds,
  pathOf,
} from "../model/keys.ts";
import type { Stored } from "../ports/store.ts";
import type { Engine } from "./context.ts";
import type { NameRecord } from "./identity.ts";

/** Erases everything of the account that has this name, or takes up where a crash has left it. */
export async function eraseAccount(engine: Engine, name: string): Promise<void> {
  const named = await engine.store.get<NameRecord>(accountNameKey(name));
  if (named === undefined) return;
  const { account: id, erasing } = named.document;
  if (erasing === undefined) {
    const begun = await engine.store.commit({
      puts: [{ key: named.key, document: { account: id, erasing: true }, expect: named.version }],
      deletes: [{ key: accountKey(id) }, { key: keyOf(id, "secrets", "identity") }],
    });
    if (!begun.ok) throw fault("store.contended", `Somebody else is at work on the account "${name}". Repeat later.`);
  }
  for (const path of pathsOf(id)) await erase(engine, path, () => true);
  await erase(engine, accountCommandsPath, ({ document }) => document["name"] === name);
  const last = await engine.store.get<NameRecord>(named.key);
  // Another process may have come to the end of it, and the name may belong to somebody else by now.
  if (last?.document.account === id) {
    await engine.store.commit({ deletes: [{ key: named.key, expect: last.version }] });
  }
}

/** Finishes what a crash has interrupted. */
export async function finishErasures(engine: Engine): Promise<void> {
  const where = { erasing: [{ anyOf: [true] }] };
  const names: string[] = [];
  for await (const { key } of engine.store.find({ under: accountNamesPath, where })) {
    names.push(decodeURIComponent(key.slice(accountNamesPath.length + 1)));
  }
  for (const name of names) await eraseAccount(engine, name);
}

// Secrets go first: without them nothing that is left can be used. Streams are collections inside their kind.
function pathsOf(id: string): string[] {
  const others = kinds.filter((kind) => kind !== "secrets" && kind !== "outbox");
  return [
    pathOf(id, "secrets"),
    `${pathOf(id, "outbox")}/events`,
    ...[...others, "outbox" as const].map((kind) => pathOf(id, kind)),
  ];
}

async function erase({ store }: Engine, under: string, isMeant: (stored: Stored) => boolean): Promise<void> {
  for (let isMore = true; isMore; ) {
    const deletes: { key: string }[] = [];
    for await (const stored of store.find({ under })) {
      if (isMeant(stored)) deletes.push({ key: stored.key });
      if (deletes.length === documentsErasedAtOnceMax) break;
    }
    if (deletes.length > 0) await store.commit({ deletes });
    isMore = deletes.length === documentsErasedAtOnceMax;
  }
}
