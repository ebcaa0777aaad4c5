/**
 * The one connection of a publisher to what it publishes to.
 *
 * N1. There is at most one; whoever needs it while it is being opened waits for the same one.
 * N2. One that was lost fails whatever was under way on it, and the next use opens a new one.
 * N3. Opening and every use come to their end within the time limit.
 */
import { fault, RapportError } from "../errors/rapport-error.ts";

/** How connections of a kind are opened and closed. */
export interface ConnectionsOptions<C> {
  /** What it leads to, for messages: "the AMQP broker". */
  readonly to: string;
  /** Opens one. `lose` is to be called when it breaks later; more than once does no harm. */
  open(lose: (problem: unknown) => void): Promise<C>;
  /** Closes one, also a broken one. */
  close(connection: C): Promise<unknown>;
  readonly timeoutMs: number;
  /** Runs something after that many milliseconds, unless the returned function is called before. */
  later(run: () => void, ms: number): () => void;
}

/** Connections of which one is open at a time. */
export interface Connections<C> extends AsyncDisposable {
  /** Works with the connection, opened if there is none. Throws `publisher.failed`, and what opening it threw. */
  use<T>(work: (connection: C) => Promise<T>): Promise<T>;
}

interface Line<C> {
  readonly opened: Promise<C>;
  /** Rejects when the connection is lost. */
  readonly lost: Promise<never>;
  lose(problem: unknown): void;
}

/** Makes the keeper of one connection; nothing is opened before it is used. */
export function createConnections<C>(options: ConnectionsOptions<C>): Connections<C> {
  const { to, later, timeoutMs } = options;
  let line: Line<C> | undefined;
  let isEnded = false;
  const forget = (one: Line<C>) => {
    if (line === one) line = undefined;
  };

  return {
    use: async (work) => {
      if (isEnded) throw fault("publisher.failed", `The connection to ${to} was closed with the engine.`);
      line ??= lineOf(options, forget);
      const { opened, lost, lose } = line;
      const tooLate = () => lose(`no answer within ${timeoutMs} ms`);
      const cancel = later(tooLate, timeoutMs);
      try {
        const connection = await Promise.race([opened, lost]);
        return await Promise.race([work(connection), lost]);
      } catch (problem) {
        if (problem instanceof RapportError) throw problem;
        throw failed(to, problem);
      } finally {
        cancel();
      }
    },
    [Symbol.asyncDispose]: async () => {
      isEnded = true;
      const ending = line;
      line = undefined;
      const connection = await ending?.opened.catch(() => undefined);
      if (connection !== undefined) await options.close(connection).catch(() => undefined);
    },
  };
}

function lineOf<C>(options: ConnectionsOptions<C>, forget: (line: Line<C>) => void): Line<C> {
  let reject: (problem: unknown) => void = () => undefined;
  const lost = new Promise<never>((_resolve, rejecting) => {
    reject = rejecting;
  });
  // Nobody may be waiting when it breaks.
  lost.catch(() => undefined);
  let isLost = false;
  const lose = (problem: unknown) => {
    if (isLost) return;
    isLost = true;
    forget(line);
    reject(failed(options.to, problem));
    // One that is still being opened is closed as soon as it is open.
    opened.then(options.close).catch(() => undefined);
  };
  const opened = options.open(lose);
  const line: Line<C> = { opened, lost, lose };
  opened.catch(() => forget(line));
  return line;
}

function failed(to: string, problem: unknown): RapportError {
  const why = problem instanceof Error ? problem.message : String(problem);
  return fault("publisher.failed", `Publishing to ${to} failed: ${why.replace(/\.?$/, ".")} It is tried again.`, {
    cause: problem,
  });
}
