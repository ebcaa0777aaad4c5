// Ctrl+C as people press it.

/** The first signal, and an end at once for the second. */
export interface Pressed {
  readonly first: Promise<NodeJS.Signals>;
  /** Leaves signals to Node again. */
  forget(): void;
}

const atOnceExit = 130;
/** npm hands the signal on that the terminal has sent already: one press arrives twice. */
const samePressMs = 300;

/** Listens from now on. */
export function pressed(): Pressed {
  let firstAt: number | undefined;
  let hear = (_signal: NodeJS.Signals): void => undefined;
  const first = new Promise<NodeJS.Signals>((resolve) => {
    hear = (signal) => {
      const now = Date.now();
      if (firstAt !== undefined && now - firstAt > samePressMs) process.exit(atOnceExit);
      firstAt ??= now;
      resolve(signal);
    };
  });
  process.on("SIGINT", hear).on("SIGTERM", hear);
  return { first, forget: () => void process.off("SIGINT", hear).off("SIGTERM", hear) };
}
