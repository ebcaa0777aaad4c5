// Parties that talk through the published client of the first generation.
import { type Called, type Check, type Given, publishedClient } from "../published-client.ts";
import type { Stage } from "../stage.ts";

/** The client, by group and method; its own types differ from those of the newer version that is installed. */
export type FirstClient = Readonly<
  Record<string, Readonly<Record<string, (...given: readonly unknown[]) => Promise<Given<never>>>>>
>;

/** Somebody with a client. */
export interface FirstParty {
  readonly address: string;
  readonly client: FirstClient;
  /** Calls `group.method`, and holds the result against a shipped schema. */
  ask<T>(method: string, definition: string | undefined, ...given: readonly unknown[]): Promise<T>;
  sync(): Promise<{ relationships: FirstRelationship[]; messages: { id: string }[] }>;
}

/** What the tests look at. */
export interface FirstRelationship {
  readonly id: string;
  readonly status: string;
  readonly changes: readonly {
    readonly id: string;
    readonly status: string;
    readonly request: { readonly content?: unknown };
    readonly response?: { readonly content?: unknown };
  }[];
}

/** Everybody. */
export interface FirstJourney {
  readonly alice: FirstParty;
  readonly bob: FirstParty;
  readonly carol: FirstParty;
}

const version = publishedClient("connector-sdk-4");

/** Makes the parties. */
export async function firstJourneyOn(stage: Stage, called: Called): Promise<FirstJourney> {
  const check: Check = version.checkFor(true);
  const party = async (name: string): Promise<FirstParty> => {
    const { url } = await stage.actor(name);
    const client = version.clientFor(`${url}/gen/gen1`, called) as unknown as FirstClient;
    const ask: FirstParty["ask"] = (method, definition, ...given) => {
      const [group = "", name = ""] = method.split(".");
      const call = client[group]?.[name];
      if (call === undefined) throw new Error(`The client has no ${method}.`);
      return check(call(...given), definition);
    };
    const { address } = await ask<{ address: string }>("account.getIdentityInfo", "IdentityInfo");
    return { address, client, ask, sync: () => ask("account.sync", "ConnectorSyncResult") };
  };
  return { alice: await party("alice"), bob: await party("bob"), carol: await party("carol") };
}

/** A day from now. */
export const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();
