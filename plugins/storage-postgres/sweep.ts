import type { Lend } from "./lend.ts";
import { erasedContentStaysMs } from "./limits.ts";

/** Clears away replaced and deleted rows some time after there were some, once for all of them. */
export interface Sweep {
  soon(): void;
  /** Resolves when nothing runs any more; what was to be swept is left to PostgreSQL. */
  end(): Promise<void>;
}

/** A sweep with nothing to do yet. */
export function createSweep(lend: Lend, tables: readonly string[]): Sweep {
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;

  const run = async () => {
    try {
      // Where another process is at it already, there is nothing left to do.
      await lend((connection) => connection.query(`VACUUM (SKIP_LOCKED) ${tables.join(", ")}`, []));
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
