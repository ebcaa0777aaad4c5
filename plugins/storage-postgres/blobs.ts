import { assertBlobName, type BlobsPort, fault } from "rapport/core";
import { openDriver, type PostgresPlace } from "./driver.ts";
import { faultOf } from "./faults.ts";
import { type Lend, lending, lentOnce } from "./lend.ts";
import { namesIn, prepareSchema } from "./schema.ts";
import { createSweep, type Sweep } from "./sweep.ts";

/** Options of blobs in PostgreSQL. */
export type PostgresBlobsOptions = PostgresPlace & {
  /** The schema that holds the table, made if need be: `rapport`. A store may be in the same one. */
  readonly schema?: string;
};

interface Session {
  readonly lend: Lend;
  readonly sweep: Sweep;
  readonly end: () => Promise<void>;
}

/** Blobs in a table, one row each, for any number of processes at the same time. */
export function createPostgresBlobs(options: PostgresBlobsOptions): BlobsPort {
  const { schema = "rapport" } = options;
  const names = namesIn(schema);
  const running = new Set<Promise<unknown>>();
  let session: Session | undefined;

  const asked = async (name: string, text: string, more: unknown[] = []): Promise<readonly unknown[]> => {
    assertBlobName(name);
    if (session === undefined)
      throw fault("store.closed", `The blobs in schema "${schema}" are not open or were closed.`);
    const asking = session.lend((connection) => connection.query(text, [name, ...more]));
    running.add(asking);
    try {
      return (await asking).rows;
    } finally {
      running.delete(asking);
    }
  };

  return {
    open: async () => {
      try {
        session = await startSession(options, schema);
      } catch (problem) {
        throw faultOf(problem, schema);
      }
    },
    put: async (name, bytes) => {
      await asked(name, `INSERT INTO ${names.blobs} (name, bytes) VALUES ($1, $2) ON CONFLICT DO NOTHING`, [
        Buffer.from(bytes),
      ]);
    },
    get: async (name) => {
      const [row] = await asked(name, `SELECT bytes FROM ${names.blobs} WHERE name = $1`);
      return row === undefined ? undefined : bytesIn(row);
    },
    delete: async (name) => {
      const gone = await asked(name, `DELETE FROM ${names.blobs} WHERE name = $1 RETURNING 1`);
      if (gone.length > 0) session?.sweep.soon();
    },
    [Symbol.asyncDispose]: async () => {
      const ending = session;
      session = undefined;
      await Promise.allSettled(running);
      await ending?.end();
    },
  };
}

async function startSession(place: PostgresPlace, schema: string): Promise<Session> {
  const names = namesIn(schema);
  const driver = await openDriver(place);
  try {
    await lentOnce(driver, (connection) => prepareSchema(connection, names));
  } catch (problem) {
    await driver.end().catch(() => {
      // The first problem is the one that matters.
    });
    throw problem;
  }
  const lend = lending(driver, schema);
  const sweep = createSweep(lend, [names.blobs]);
  return {
    lend,
    sweep,
    end: async () => {
      await sweep.end();
      await driver.end();
    },
  };
}

function bytesIn(row: unknown): Uint8Array {
  if (typeof row === "object" && row !== null && "bytes" in row && row.bytes instanceof Uint8Array) {
    const { buffer, byteOffset, byteLength } = row.bytes;
    return new Uint8Array(buffer, byteOffset, byteLength);
  }
  throw fault("store.corrupted", "A row of the blobs table does not have the columns it should have.");
}
