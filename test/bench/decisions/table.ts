// Tables of rules as organisations have them: most lines name a peer, some a kind of item, some a title or an interval.
import type { RequestEntry, RuleTableConfig } from "rapport/plugins/rules-table";
import { peerOf } from "./requests.ts";

const types = ["FormFieldRequestItem", "CreateAttributeRequestItem", "ReadAttributeRequestItem"] as const;

/** A table of this many lines; its last one rejects what no other has answered, so that every Request is decided. */
export function tableOf(lines: number): RuleTableConfig {
  const entries: RequestEntry[] = Array.from({ length: lines - 1 }, (_, n) => lineOf(n));
  return [...entries, { requestConfig: {}, responseConfig: { accept: false, code: "nobody" }, name: "else" }];
}

function lineOf(n: number): RequestEntry {
  const reject = { accept: false, code: `line.${n}` } as const;
  switch (n % 5) {
    case 0:
      return {
        requestConfig: { peer: peerOf(n), "content.item.description": `line ${n % 5}` },
        responseConfig: reject,
      };
    case 1:
      return {
        requestConfig: { "content.item.@type": types[n % 3] ?? types[0], "content.item.title": `Field ${n}` },
        responseConfig: reject,
      };
    case 2:
      return {
        requestConfig: { peer: [peerOf(n), peerOf(n + 1)], "content.title": `Order ${n}` },
        responseConfig: reject,
      };
    case 3:
      return { requestConfig: { "content.metadata": { department: 100 + n } }, responseConfig: reject };
    default:
      return {
        requestConfig: { peer: peerOf(n), createdAt: [">2020-01-01T00:00:00.000Z", "<2021-01-01T00:00:00.000Z"] },
        responseConfig: reject,
      };
  }
}
