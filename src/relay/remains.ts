/**
 * Erasing what an identity leaves behind.
 *
 * Z1. The commit that ends the identity (identity-erasure.ts) marks it as Deleting. From then on none of its devices may
 *     call and nobody may build a Relationship with it (living.ts L1), so what is found here is all there is.
 * Z2. Every commit does one stage for a bounded number of documents, and checks identity and mark. After a crash the relay
 *     goes on; what is done is not found again. The last commit takes the identity and its mark.
 * Z3. What could bring an event for the identity goes before its events, and is checked by whoever would write one.
 * Z4. Nothing that names the identity stays, but in answers that others asked for under an idempotency key: those are
 *     forgotten by their own deadline. Ids of its devices stay where others were told of them; they say nothing any more.
 */
import { devicesErasedAtOnceMax, erasedAtOnceMax, filesErasedAtOnceMax, rewrittenAtOnceMax } from "../limits.ts";
import { instantOf } from "../model/instant.ts";
import type { Document, Query, Stored } from "../ports/store.ts";
import { relayPseudonymOf } from "../sealed/address.ts";
import type { Reads } from "../turn/turn.ts";
import { belongings, mentions, soleBelongings } from "./belongings.ts";
import type { NewsDesk } from "./desk.ts";
import {
  allocationCounter,
  clientIdentityCounter,
  type DeviceDocument,
  devicePath,
  epochKey,
  type FormerDocument,
  formerKey,
  type IdentityDocument,
  idempotencyPath,
  identityKey,
  leftoverKey,
  loginKey,
  pushKey,
  sentCounter,
  templatePath,
  tokenFailureCounter,
  tokenPath,
} from "./documents.ts";
import type { Draft } from "./draft.ts";
import { gatherDoomed } from "./erasing.ts";
import { type FileDocument, filePath } from "./file-documents.ts";
import { endFile } from "./files.ts";
import { ownerOfNew } from "./idempotency.ts";
import { type OwnStep, takeOwnTurn } from "./own-turn.ts";
import { type Ending, leaveNext } from "./remains-relationship.ts";
import { usernameHash } from "./secrets.ts";

/** Gathers the next thing of one kind and gives what writes it; nothing when all of its kind is done. */
type Stage = (ending: Ending) => Promise<((draft: Draft) => void) | undefined>;

const stages: readonly Stage[] = [leaveNext, erasePublished, eraseFiles, rename, eraseBelongings, eraseAnswers];

/** One commit; true when another one is needed. */
export function eraseMoreOfIdentity(desk: NewsDesk, address: string): Promise<boolean> {
  const nowMs = desk.clock.now();
  const pseudonym = relayPseudonymOf(desk.crypto, desk.hostName);
  return takeOwnTurn(desk, async (reads) => {
    const mark = await reads.get(leftoverKey(address));
    const identity = (await reads.get<IdentityDocument>(identityKey(address)))?.document;
    // Somebody else was faster.
    if (mark === undefined || identity === undefined) return undefined;
    const ending = { desk, reads, address, pseudonym, identity, nowMs };
    for (const stage of stages) {
      const write = await stage(ending);
      if (write === undefined) continue;
      return (draft) => {
        write(draft);
        return true;
      };
    }
    return eraseDevices(ending);
  });
}

/** The next template or token, as its owner would delete it. */
async function erasePublished({ reads, address }: Ending): ReturnType<Stage> {
  const where = { createdBy: [{ anyOf: [address] }] };
  for (const [under, counterOf] of [
    [templatePath, allocationCounter] as const,
    [tokenPath, tokenFailureCounter] as const,
  ]) {
    const [next] = await some<Document & { readonly id: string }>(reads, { under, where, limit: 1 });
    if (next === undefined) continue;
    const { id } = next.document;
    // Read so that the commit checks it: whoever writes an event about it checks it, too (Z3).
    await reads.get(next.key);
    const doomed = await gatherDoomed(reads, { id });
    return (draft) => {
      draft.delete(next.key);
      draft.delete(counterOf(id));
      draft.erase(id, doomed);
    };
  }
  return undefined;
}

/** The next Files that it owns. Their bytes have marks from then on (file-bytes.ts). */
async function eraseFiles({ desk, reads, address, nowMs }: Ending): ReturnType<Stage> {
  const where = { owner: [{ anyOf: [address] }] };
  const found = await some(reads, { under: filePath, where, limit: filesErasedAtOnceMax });
  if (found.length === 0) return undefined;
  const fresh = await Promise.all(found.map(({ key }) => reads.get<FileDocument>(key)));
  return (draft) => {
    for (const file of fresh) {
      if (file?.document.owner !== address) continue;
      // Its creator may be somebody else, who has room for others now.
      endFile(draft, desk, { file: file.document, nowMs });
    }
  };
}

/** The next documents of others that name the identity. */
async function rename({ reads, address, pseudonym }: Ending): ReturnType<Stage> {
  for (const { under, field, rename } of mentions) {
    const where = { [field]: [{ anyOf: [address] }] };
    const found = await some(reads, { under, where, limit: rewrittenAtOnceMax });
    if (found.length === 0) continue;
    const fresh = await Promise.all(found.map(({ key }) => reads.get<Document>(key)));
    return (draft) => {
      for (const named of fresh) {
        if (named !== undefined) draft.put(named.key, rename(named.document, { address, pseudonym }));
      }
    };
  }
  return undefined;
}

/** The next documents that go as they are. */
async function eraseBelongings({ reads, address }: Ending): ReturnType<Stage> {
  for (const queryFor of belongings) {
    const found = await some(reads, { ...queryFor(address), limit: erasedAtOnceMax });
    if (found.length > 0) return (draft) => deleteAll(draft, found);
  }
  return undefined;
}

/** The next answers that are kept for the devices which go next. */
async function eraseAnswers(ending: Ending): ReturnType<Stage> {
  const { desk, reads, identity } = ending;
  const ids = (await nextDevices(ending)).map(({ document }) => document.id);
  const where = { owner: [{ anyOf: [ownerOfNew(desk, identity.publicKey), ...ids] }] };
  const found = await some(reads, { under: idempotencyPath, where, limit: erasedAtOnceMax });
  return found.length === 0 ? undefined : (draft) => deleteAll(draft, found);
}

/** The next devices, and with the last of them the identity. That they were there is known from now on by a hash alone. */
async function eraseDevices(ending: Ending): Promise<OwnStep> {
  const { desk, reads, address, nowMs, identity } = ending;
  const counter = await clientCounter(reads, identity.clientId);
  const devices = await nextDevices(ending);
  const isLast = devices.length < devicesErasedAtOnceMax;
  return (draft) => {
    const former: FormerDocument = { erasedAt: instantOf(nowMs) };
    for (const { key, document } of devices) {
      const { id, username } = document;
      for (const of of [key, loginKey(username), epochKey(id), pushKey(id), sentCounter(id)]) draft.delete(of);
      draft.put(formerKey(usernameHash(desk, username)), former);
    }
    if (isLast) {
      if (counter !== undefined) draft.add(counter, -1);
      for (const key of [...soleBelongings(address), identityKey(address), leftoverKey(address)]) draft.delete(key);
    }
    return !isLast;
  };
}

/** The counter of the client's identities, if they are counted. */
async function clientCounter(reads: Reads, clientId: string | null): Promise<string | undefined> {
  if (clientId === null) return undefined;
  const counter = clientIdentityCounter(clientId);
  const counted = await reads.peek<{ readonly n: number }>(counter);
  return (counted?.document.n ?? 0) > 0 ? counter : undefined;
}

function nextDevices({ reads, address }: Ending): Promise<readonly Stored<DeviceDocument>[]> {
  const where = { address: [{ anyOf: [address] }] };
  return some<DeviceDocument>(reads, { under: devicePath, where, limit: devicesErasedAtOnceMax });
}

function deleteAll(draft: Draft, found: readonly Stored[]): void {
  for (const { key } of found) draft.delete(key);
}

async function some<D extends Document = Document>(reads: Reads, query: Query): Promise<readonly Stored<D>[]> {
  const found: Stored<D>[] = [];
  for await (const stored of reads.find<D>(query)) found.push(stored);
  return found;
}
