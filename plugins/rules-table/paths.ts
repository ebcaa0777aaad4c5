import type { Json } from "rapport/core";

/** Reads what lies under a path; undefined when there is nothing. */
export type Read = (root: Json | undefined) => Json | undefined;

type Members = { readonly [member: string]: Json | undefined };

/** Compiles a dotted path. Only own members count. */
export function readerOf(path: string): Read {
  const steps = path.split(".");
  if (steps.some((step) => step in Object.prototype || step in Array.prototype)) return careful(steps);
  const [first = "", second = "", third = ""] = steps;
  if (steps.length === 1) return (root) => member(root, first);
  if (steps.length === 2) return (root) => member(member(root, first), second);
  if (steps.length === 3) return (root) => member(member(member(root, first), second), third);
  const rest = readerOf(steps.slice(3).join("."));
  return (root) => rest(member(member(member(root, first), second), third));
}

function member(node: Json | undefined, step: string): Json | undefined {
  return typeof node === "object" && node !== null ? (node as Members)[step] : undefined;
}

// A step with the name of something that every object inherits.
function careful(steps: readonly string[]): Read {
  return (root) => {
    let node = root;
    for (const step of steps) {
      if (typeof node !== "object" || node === null || !Object.hasOwn(node, step)) return undefined;
      node = (node as Members)[step];
    }
    return node;
  };
}

/** True when one path is the other or lies above or below it. */
export function areOnOneLine(one: string, other: string): boolean {
  return one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);
}
