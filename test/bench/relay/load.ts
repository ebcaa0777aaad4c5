// Requests over many connections: as many as possible, or at a fixed rate.
import { Pool } from "undici";
import { type HttpParty, partiesAt } from "../../apps/relay/http-parties.ts";

/** One kind of request. */
export interface Shot {
  readonly method: "GET" | "POST" | "PUT";
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

const connectionsUsual = 64;

/** Fires for so long, every connection the next one when the last was answered; gives answers per second. */
export async function fire(
  urls: readonly string[],
  next: () => Shot,
  forMs: number,
  connections = 64,
): Promise<number> {
  const pools = urls.map((url) => new Pool(url, { connections: Math.ceil(connections / urls.length) }));
  const from = performance.now();
  let count = 0;
  const run = async (at: number) => {
    const pool = pools[at % pools.length];
    while (performance.now() - from < forMs) {
      await answered(pool, next());
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: connections }, (_, at) => run(at)));
  const perSecond = (count / (performance.now() - from)) * 1000;
  await Promise.all(pools.map((pool) => pool.close()));
  return perSecond;
}

/**
 * Fires at a fixed rate, whether or not earlier ones were answered, and gives the times to the answers in ms, counted from
 * when each one was due.
 */
export async function fireAtRate(url: string, next: () => Shot, at: { perSecond: number; forMs: number }) {
  const pool = new Pool(url, { connections: connectionsUsual });
  const times: number[] = [];
  const running: Promise<void>[] = [];
  const from = performance.now();
  const total = Math.floor((at.perSecond * at.forMs) / 1000);
  let fired = 0;
  while (fired < total) {
    const due = Math.min(total, Math.floor(((performance.now() - from) * at.perSecond) / 1000));
    for (; fired < due; fired += 1) {
      const dueAt = from + (fired * 1000) / at.perSecond;
      running.push(
        answered(pool, next()).then(() => {
          times.push(performance.now() - dueAt);
        }),
      );
    }
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(running);
  await pool.close();
  return times.sort((one, other) => one - other);
}

async function answered(pool: Pool | undefined, shot: Shot): Promise<void> {
  if (pool === undefined) throw new Error("There is nobody to fire at.");
  const { statusCode, body } = await pool.request({ ...shot, headers: shot.headers ?? {}, body: shot.body ?? null });
  const text = await body.text();
  if (statusCode >= 300) throw new Error(`${shot.method} ${shot.path} was answered ${statusCode}: ${text}`);
}

/** The body of a template of the usual size. */
export const templateBody = JSON.stringify({
  content: Buffer.alloc(1_100, "template").toString("base64url"),
  expiresAt: "2099-01-01T00:00:00.000Z",
});

/** Somebody who publishes templates. */
export async function publisherAt(url: string): Promise<{ party: HttpParty; shot: Shot }> {
  const party = await partiesAt(url).party();
  const headers = { authorization: `Bearer ${party.token}`, "content-type": "application/json" };
  return { party, shot: { method: "POST", path: "/api/v2/RelationshipTemplates", headers, body: templateBody } };
}
