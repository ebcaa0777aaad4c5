// What a plugin brings, without an engine around it.
import { createHost, Log, type Plugin, type Token } from "rapport/core";

const silent: Plugin = { name: "silence", register: ({ provide }) => provide(Log, () => ({ write: () => undefined })) };

/** Everything that the plugin contributes to the slot, made anew; a part that is no plugin stands for itself. */
export function occupantsOf<T extends object>(token: Token<T, "many">, given: T | Plugin): readonly T[] {
  return isPlugin(given) ? createHost([given], [silent]).use(token) : [given];
}

/** A plugin that brings this part; a plugin stands for itself. */
export function pluginOf<T extends object>(token: Token<T, "many">, given: T | Plugin): Plugin {
  if (isPlugin(given)) return given;
  return { name: "under-test", register: ({ contribute }) => contribute<T>(token, () => given as NoInfer<T>) };
}

function isPlugin(given: object): given is Plugin {
  return "register" in given && typeof given.register === "function";
}
