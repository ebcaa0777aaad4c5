// What the suite of bad requests stands on: a relay in a process of its own, two parties, and one of every object.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { base64, bring, offer, send } from "../../relay/parties.ts";
import { fileOf, type HttpParties, type HttpParty, partiesAt, type TokenParty } from "./http-parties.ts";

/** The ground of all cases. Nothing that a case does may change it. */
export interface AbuseGround extends HttpParties<TokenParty>, AsyncDisposable {
  readonly url: string;
  readonly owner: TokenParty;
  /** Has an identity, and nothing to do with the owner. */
  readonly stranger: TokenParty;
  /** An object of the owner for each kind of id. */
  readonly ids: Readonly<Record<string, string>>;
  /** Lines of the process's log so far. */
  readonly logged: readonly string[];
  /** Bytes that the process holds after collecting garbage. */
  heldBytes(): Promise<number>;
  advance(ms: number): Promise<void>;
  in(ms: number): string;
}

const loader = fileURLToPath(new URL("../../plugins/storage-source-loader.mjs", import.meta.url));

/** Starts the process and fills the relay. */
export async function openAbuse(): Promise<AbuseGround> {
  const child = fork(fileURLToPath(new URL("abuse-child.ts", import.meta.url)), {
    execArgv: ["--expose-gc", "--conditions=rapport:source", "--import", loader],
    env: { ...process.env, NODE_OPTIONS: "" },
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const logged: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on("data", (text) => logged.push(String(text)));
  const [{ url, nowMs }] = (await Promise.race([once(child, "message"), ended(child)])) as [
    { url: string; nowMs: number },
  ];
  let now = nowMs;
  const ask = async (asked: object): Promise<{ nowMs: number; bytes: number }> => {
    child.send(asked);
    const [told] = await once(child, "message");
    now = told.nowMs;
    return told;
  };
  const people = partiesAt(url);
  const [owner, stranger, peer] = [await people.party(), await people.party(), await people.party()];
  const inMs = (ms: number) => new Date(now + ms).toISOString();
  const day = 24 * 60 * 60 * 1000;
  return {
    ...people,
    url,
    owner,
    stranger,
    ids: await fill(owner, peer, inMs(30 * day)),
    logged,
    heldBytes: async () => (await ask({})).bytes,
    advance: async (ms) => void (await ask({ advanceMs: ms })),
    in: inMs,
    [Symbol.asyncDispose]: async () => {
      const end = once(child, "close");
      child.kill("SIGKILL");
      await end;
    },
  };
}

async function ended(child: ChildProcess): Promise<never> {
  const [code] = await once(child, "close");
  throw new Error(`The relay's process ended with ${code} before it listened.`);
}

/** One object of each kind that belongs to the owner. */
async function fill(owner: HttpParty, peer: HttpParty, expiresAt: string): Promise<Readonly<Record<string, string>>> {
  const relationship = await bring(peer, owner, "Active");
  await peer.sync();
  const challenge = await owner.ok("createChallenge", { body: {} });
  const token = await owner.ok("createToken", { body: { content: base64("t"), expiresAt, password: base64("owner") } });
  const file = await owner.ok("createFile", fileOf(expiresAt));
  // Cancelled at once: who is about to be deleted may not sync.
  const deletion = await owner.ok("startDeletionProcess", { body: {} });
  await owner.ok("cancelDeletionProcess", { id: deletion.id, body: {} });
  const { syncRun } = await owner.ok("startSyncRun", { body: { type: "ExternalEventSync", duration: 300 } });
  return {
    CHL: challenge.id,
    DVC: owner.caller.deviceId,
    IDP: deletion.id,
    RLT: await offer(owner, { password: base64("p") }),
    REL: relationship,
    MSG: await send(owner, peer),
    TOK: token.id,
    FIL: file.id,
    SYR: syncRun.id,
  };
}
