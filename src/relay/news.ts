/**
 * Who wants to be woken when an address has news. Nobody may rely on being woken: within a process it works, between the
 * processes of one relay it is carried by `WakeUps`, which may lose some.
 */
import type { WakeUps } from "../ports/wake-ups.ts";

/**
 * What is new: external events, or modifications of the datawallet that another device made (spec/backbone-protocol.md 9).
 * The last news of all is that the identity has ended; no client is told, but who waits for more need not wait.
 */
export type NewsItem =
  | { readonly kind: "ExternalEventCreated" | "IdentityEnded"; readonly address: string }
  | { readonly kind: "DatawalletModificationsCreated"; readonly address: string; readonly byDevice: string };

/** Listeners by address, and the way to tell them. */
export interface News {
  on(address: string, wake: (item: NewsItem) => void): () => void;
  tell(items: readonly NewsItem[]): void;
  /** Listens to the other processes of the relay. */
  open(): Promise<void>;
}

/** `failed` hears of listeners that threw; they disturb nobody else. */
export function createNews(failed: (error: unknown) => void, wakeUps: WakeUps | undefined): News {
  const wakesByAddress = new Map<string, Set<(item: NewsItem) => void>>();

  const wakeHere = (items: readonly NewsItem[]) => {
    for (const item of items) {
      for (const wake of [...(wakesByAddress.get(item.address) ?? [])]) {
        try {
          wake(item);
        } catch (error) {
          failed(error);
        }
      }
    }
  };

  return {
    on: (address, wake) => {
      const wakes = wakesByAddress.get(address) ?? new Set();
      wakesByAddress.set(address, wakes);
      // A wrapper of its own, so that the same function can listen twice.
      const listener = (item: NewsItem) => wake(item);
      wakes.add(listener);
      return () => {
        wakes.delete(listener);
        if (wakes.size === 0 && wakesByAddress.get(address) === wakes) wakesByAddress.delete(address);
      };
    },
    tell: (items) => {
      if (items.length === 0) return;
      const distinct = new Map(items.map((item) => [topicOf(item), item]));
      wakeHere([...distinct.values()]);
      wakeUps?.tell([...distinct.keys()]);
    },
    open: async () => {
      await wakeUps?.open((topics) => wakeHere(topics.flatMap(itemOf)));
    },
  };
}

function topicOf(item: NewsItem): string {
  if (item.kind === "DatawalletModificationsCreated") return `d ${item.address} ${item.byDevice}`;
  return `${item.kind === "IdentityEnded" ? "x" : "e"} ${item.address}`;
}

/** Topics of later versions are not understood, and nobody relies on them. */
function itemOf(topic: string): readonly NewsItem[] {
  const [letter, address, byDevice] = topic.split(" ");
  if (address === undefined) return [];
  if (letter === "e") return [{ kind: "ExternalEventCreated", address }];
  if (letter === "x") return [{ kind: "IdentityEnded", address }];
  if (letter === "d" && byDevice !== undefined) return [{ kind: "DatawalletModificationsCreated", address, byDevice }];
  return [];
}
