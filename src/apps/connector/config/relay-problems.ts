// What is wrong with the way to the relay, beyond the kinds of its values.

import { isTree, type Path, type Problem, valueAt } from "./trees.ts";
import { flag } from "./values.ts";

const pins: Path = ["pinnedTLSCertificateSHA256Fingerprints"];

/** An address that is none, and certificates that would be pinned for nobody. */
export function relayProblems(tree: unknown): readonly Problem[] {
  const path = ["transportLibrary", "baseUrl"];
  const baseUrl = valueAt(tree, path);
  if (typeof baseUrl !== "string") return [];
  const url = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  const isPlain = url?.username === "" && url.password === "" && url.search === "" && url.hash === "";
  if (url === undefined || !/^https?:$/.test(url.protocol) || !isPlain) {
    return [{ path, says: "must be http(s)://host[:port][/path], without credentials and query" }];
  }
  const pinned = valueAt(tree, pins);
  const hosts = isTree(pinned) ? Object.keys(pinned) : [];
  const isEnforced = flag.safeParse(valueAt(tree, ["enforceCertificatePinning"])).data === true;
  const isPinned = hosts.includes(url.hostname);
  const notTheRelay = `is not the host of the relay (${url.hostname}), and only the relay's certificate is checked against this list`;
  return [
    ...hosts.filter((host) => host !== url.hostname).map((host) => ({ path: [...pins, host], says: notTheRelay })),
    ...(isEnforced && !isPinned
      ? [{ path: ["enforceCertificatePinning"], says: `is on, but no certificate is pinned for ${url.hostname}` }]
      : []),
    ...(isPinned && url.protocol === "http:"
      ? [{ path: [...pins, url.hostname], says: "is for https, and transportLibrary.baseUrl is http" }]
      : []),
  ];
}
