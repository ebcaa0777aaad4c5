// Events in the generation that the Connector speaks (`modules.coreHttpApi.profile`).
import type { EventShape, PublishedEvent } from "rapport/core";
import type { ConnectorConfig } from "../config/shape.ts";
import type { HostedIdentity } from "../parts.ts";
import { type EventLook, eventNames, eventOf } from "../profiles/events.ts";
import { profileOf } from "../profiles/profiles.ts";

/** The shape for publishers, which are made before the engine, and the way to tell it who is hosted. */
export interface ProfileShape {
  readonly shape: EventShape;
  start(identities: readonly HostedIdentity[]): void;
}

/** Makes the shape. Events that leave before `start` wait for it: only a hosted identity can look up a template. */
export function createProfileShape({ modules, legacyRealm }: ConnectorConfig): ProfileShape {
  const profile = profileOf(modules.coreHttpApi.profile, { legacyRealm });
  let hosted: readonly HostedIdentity[] = [];
  let start: (identities: readonly HostedIdentity[]) => void = () => undefined;
  const started = new Promise<void>((resolve) => {
    start = (identities) => {
      hosted = identities;
      resolve();
    };
  });
  const look = (event: PublishedEvent): EventLook => ({
    template: async (id) => {
      await started;
      const owner = hosted.find(({ account }) => account.address === event.account);
      // It may have been deleted since.
      return owner?.account.templates.get(id).catch(() => undefined);
    },
  });
  return {
    shape: {
      names: (event) => eventNames(profile, event),
      data: async (event) => {
        const [shown] = await eventOf(profile, event, look(event));
        return shown?.data ?? event.data;
      },
    },
    start,
  };
}
