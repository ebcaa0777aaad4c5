import "./reflect.ts";
import { instancePerContainerCachingFactory, container as root } from "tsyringe";
import { fault, RapportError } from "../errors/rapport-error.ts";
import type { Token } from "./token.ts";

/** What factories receive: the occupant of another slot. */
export interface Use {
  <T>(token: Token<T, "one">): T;
  <T>(token: Token<T, "many">): readonly T[];
}

/** What a plugin registers with. `provide` fills a slot; `contribute` adds to a slot that has many. */
export interface Registry {
  provide<T>(token: Token<T, "one">, make: (use: Use) => NoInfer<T>): void;
  contribute<T>(token: Token<T, "many">, make: (use: Use) => NoInfer<T>): void;
}

/** A name and one function. */
export interface Plugin {
  readonly name: string;
  register(registry: Registry): void;
}

/** Resolves slots, and closes what it made in reverse order of making. */
export interface Host extends AsyncDisposable {
  readonly use: Use;
  has(token: Token<unknown, "one" | "many">): boolean;
}

/**
 * Registers every plugin, then fills empty slots from `defaults`. Faults: `plugin.slotTaken`, `plugin.cycle`,
 * `plugin.slotEmpty`, `plugin.failed`. Nothing is made before it is used.
 */
export function createHost(plugins: readonly Plugin[], defaults: readonly Plugin[] = []): Host {
  const container = root.createChildContainer();
  const owners = new Map<string, string>();
  const making: string[] = [];
  const made: unknown[] = [];

  const use = ((token: Token<unknown, "one" | "many">) => {
    if (making.includes(token.name)) {
      const circle = [...making.slice(making.indexOf(token.name)), token.name].join(" -> ");
      throw fault("plugin.cycle", `Plugins need each other in a circle: ${circle}. Break it.`);
    }
    if (!container.isRegistered(token.name)) {
      if (token.arity === "many") return [];
      throw fault("plugin.slotEmpty", `No plugin provides "${token.name}". Add one that does.`);
    }
    making.push(token.name);
    try {
      return token.arity === "many" ? container.resolveAll(token.name) : container.resolve(token.name);
    } finally {
      making.pop();
    }
  }) as Use;

  const register = (token: Token<unknown, "one" | "many">, plugin: Plugin, make: (use: Use) => unknown) => {
    const useFactory = instancePerContainerCachingFactory(() => {
      const occupant = guarded(plugin, () => make(use));
      made.push(occupant);
      return occupant;
    });
    container.register(token.name, { useFactory });
  };

  const registryOf = (plugin: Plugin, yields: boolean): Registry => ({
    provide: (token, make) => {
      const owner = owners.get(token.name);
      if (owner !== undefined && yields) return;
      if (owner !== undefined) {
        const both = `Both "${owner}" and "${plugin.name}" provide "${token.name}"`;
        throw fault("plugin.slotTaken", `${both}. Remove one of them.`, { details: { slot: token.name } });
      }
      owners.set(token.name, plugin.name);
      register(token, plugin, make);
    },
    contribute: (token, make) => register(token, plugin, make),
  });

  for (const plugin of plugins) guarded(plugin, () => plugin.register(registryOf(plugin, false)));
  for (const plugin of defaults) guarded(plugin, () => plugin.register(registryOf(plugin, true)));

  return Object.freeze({
    use,
    has: (token: Token<unknown, "one" | "many">) => container.isRegistered(token.name),
    [Symbol.asyncDispose]: () => closeBackwards(made),
  });
}

function guarded<T>(plugin: Plugin, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof RapportError) throw cause;
    throw fault("plugin.failed", `The plugin "${plugin.name}" threw while it was set up; see the cause.`, { cause });
  }
}

async function closeBackwards(made: unknown[]): Promise<void> {
  const problems: unknown[] = [];
  for (let occupant = made.pop(); occupant !== undefined; occupant = made.pop()) {
    try {
      if (isDisposable(occupant)) await occupant[Symbol.asyncDispose]();
    } catch (problem) {
      problems.push(problem);
    }
  }
  if (problems.length > 0) throw problems[0];
}

function isDisposable(value: unknown): value is AsyncDisposable {
  return typeof value === "object" && value !== null && Symbol.asyncDispose in value;
}
