/**
 * Decomposes Relationships that the peer has decomposed, those found at the start and those that come.
 *
 * D1. One Relationship is decomposed once at a time; one that fails is tried again at the next change or start.
 */
import type { HostedIdentity } from "../parts.ts";
import type { ConnectorModule, ModuleGround } from "./module.ts";

/** Between the peer's step and ours, so that whoever is told of it can still read what is going away. */
export const decomposeAfterMs = 500;

/** The module `autoDecomposeDeletionProposedRelationships`, if it is on. */
export function autoDecomposeModule({ config, log, clock }: ModuleGround): ConnectorModule[] {
  if (!config.modules.autoDecomposeDeletionProposedRelationships.enabled) return [];
  const stop = new AbortController();
  const working = new Map<string, Promise<void>>();
  const endings: (() => void)[] = [];

  const decompose = async ({ account, name }: HostedIdentity, id: string) => {
    await clock.sleep(decomposeAfterMs, stop.signal);
    if (stop.signal.aborted) return;
    try {
      await account.relationships.decompose(id);
    } catch (problem) {
      log.write("warn", "A Relationship could not be decomposed.", {
        account: name,
        relationship: id,
        problem: String(problem),
      });
    }
  };
  const propose = (identity: HostedIdentity, { id, status }: { readonly id: string; readonly status: string }) => {
    const key = `${identity.name}/${id}`;
    if (status !== "DeletionProposed" || stop.signal.aborted || working.has(key)) return;
    working.set(
      key,
      decompose(identity, id).finally(() => working.delete(key)),
    );
  };
  const follow = async (identity: HostedIdentity) => {
    endings.push(
      identity.account.events.on("transport.relationshipChanged", ({ data }) => {
        if (isRelationship(data)) propose(identity, data);
      }),
    );
    for await (const found of identity.account.relationships.each({ status: "DeletionProposed" }))
      propose(identity, await found.view());
  };

  const module: ConnectorModule = {
    name: "autoDecomposeDeletionProposedRelationships",
    start: async ({ identities }) => {
      for (const identity of identities) await follow(identity);
    },
    stop: async () => {
      for (const end of endings) end();
      stop.abort();
      await Promise.all(working.values());
    },
  };
  return [module];
}

function isRelationship(data: unknown): data is { readonly id: string; readonly status: string } {
  return typeof data === "object" && data !== null && "id" in data && "status" in data;
}
