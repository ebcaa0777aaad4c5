/**
 * Carries between the processes of one relay that somebody has news. Best effort and without order: a wake-up may be lost,
 * doubled or late, so whoever is woken looks at the store, and looks from time to time without being woken.
 */

/** Tells all processes of a relay, the own one included or not, which topics have news. Topics are short printable texts. */
export interface WakeUps extends AsyncDisposable {
  /** Starts listening; `hear` gets the topics that other processes told. */
  open(hear: (topics: readonly string[]) => void): Promise<void>;
  /** Never throws and never waits; what cannot be told now may be dropped. */
  tell(topics: readonly string[]): void;
}

/** What telling in bundles works with. */
export interface TellingsOptions {
  /** Sends one payload, or drops it; never throws. */
  readonly send: (payload: string) => void;
  /** Runs something a little later; what is told until then goes along. */
  readonly later: (run: () => void) => void;
  readonly payloadBytesMax: number;
  /** Topics that may wait; further ones are dropped. */
  readonly topicsWaitingMax: number;
}

/** Bundles what is told. */
export interface Tellings {
  tell(topics: readonly string[]): void;
  /** Sends what waits, now. */
  finish(): void;
}

/** Collects topics for a moment, each once, and sends them in payloads of a bounded size. */
export function createTellings({ send, later, payloadBytesMax, topicsWaitingMax }: TellingsOptions): Tellings {
  const encoder = new TextEncoder();
  const waiting = new Set<string>();
  let isScheduled = false;

  const finish = () => {
    isScheduled = false;
    let payload: string[] = [];
    let bytes = 0;
    for (const topic of waiting) {
      const size = encoder.encode(topic).length + 1;
      if (size > payloadBytesMax) continue;
      if (bytes + size > payloadBytesMax) {
        send(payload.join("\n"));
        payload = [];
        bytes = 0;
      }
      payload.push(topic);
      bytes += size;
    }
    waiting.clear();
    if (payload.length > 0) send(payload.join("\n"));
  };

  return {
    tell: (topics) => {
      for (const topic of topics) if (waiting.size < topicsWaitingMax) waiting.add(topic);
      if (isScheduled || waiting.size === 0) return;
      isScheduled = true;
      later(finish);
    },
    finish,
  };
}

/** The topics in a payload that `createTellings` has made. */
export function topicsIn(payload: string): readonly string[] {
  return payload === "" ? [] : payload.split("\n");
}
