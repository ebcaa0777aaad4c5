/** Who wants to be woken when an address has external events. In this process only; nobody may rely on being woken. */
export interface News {
  on(address: string, wake: () => void): () => void;
  tell(addresses: readonly string[]): void;
}

/** `failed` hears of listeners that threw; they disturb nobody else. */
export function createNews(failed: (error: unknown) => void): News {
  const wakesByAddress = new Map<string, Set<() => void>>();
  return {
    on: (address, wake) => {
      const wakes = wakesByAddress.get(address) ?? new Set();
      wakesByAddress.set(address, wakes);
      // A wrapper of its own, so that the same function can listen twice.
      const listener = () => wake();
      wakes.add(listener);
      return () => {
        wakes.delete(listener);
        if (wakes.size === 0 && wakesByAddress.get(address) === wakes) wakesByAddress.delete(address);
      };
    },
    tell: (addresses) => {
      for (const address of new Set(addresses)) {
        for (const wake of [...(wakesByAddress.get(address) ?? [])]) {
          try {
            wake();
          } catch (error) {
            failed(error);
          }
        }
      }
    },
  };
}
