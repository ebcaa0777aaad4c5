import { erasedContentStaysMs } from "./limits.ts";
import type { Lend } from "./reads.ts";
import type { Names } from "./schema.ts";

/** Clears away replaced and deleted rows some time after there were some, once for all of them. */
export interface Sweep {
  soon(): void;
  /** Resolves when nothing runs any more; what was to be swept is left to PostgreSQL. */
  end(): Promise<void>;
}

/** A sweep with nothing to do yet. */
export function createSweep(lend: Lend, { documents, entries }: Names): Sweep {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const run = async () => {
    try {
      // Where another process is at it already, there is nothing left to do.
      await lend((connection) => connection.query(`VACUUM (SKIP_LOCKED) ${documents}, ${entries}`, []));
    } catch {
      // The next erasure asks again, and PostgreSQL's own vacuum comes in any case.
    } finally {
      running = undefined;
    }
  };

  return {
    soon: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        running ??= run();
      }, erasedContentStaysMs).unref();
    },
    end: async () => {
      clearTimeout(timer);
      await running;
    },
  };
}
