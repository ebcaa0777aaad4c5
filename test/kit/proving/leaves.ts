import type { Json, JsonObject } from "rapport/core";

/** An item of a Request, and where it stands. */
export interface Leaf {
  readonly item: JsonObject;
  readonly place: string;
  readonly index: number;
  /** The position in its group; undefined outside of groups. */
  readonly below: number | undefined;
}

/** The items of a Request's content, those of groups in their place. */
export function leavesOf(content: Json | undefined): readonly Leaf[] {
  return itemsIn(content).flatMap((item, index): Leaf[] => {
    const place = `items[${index}]`;
    if (item["@type"] !== "RequestItemGroup") return [{ item, place, index, below: undefined }];
    return itemsIn(item).map((child, below) => ({ item: child, place: `${place}.items[${below}]`, index, below }));
  });
}

function itemsIn(holder: Json | undefined): readonly JsonObject[] {
  const { items } = Object(holder) as { readonly items?: readonly JsonObject[] };
  return Array.isArray(items) ? items : [];
}

/** What lies under a dotted path; undefined when there is nothing. Only own members count. */
export function valueUnder(root: Json | undefined, path: string): Json | undefined {
  let node = root;
  for (const step of path.split(".")) {
    if (typeof node !== "object" || node === null || !Object.hasOwn(node, step)) return undefined;
    node = (node as JsonObject)[step];
  }
  return node;
}
