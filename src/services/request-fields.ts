import { same } from "./listing.ts";

/** What LocalRequests can be asked by (spec/connector-api.md 1.13). */
export const requestFields = same(
  "id",
  "peer",
  "createdAt",
  "status",
  "content.expiresAt",
  "content.items.@type",
  "content.items.items.@type",
  "source.type",
  "source.reference",
  "response.createdAt",
  "response.source.type",
  "response.source.reference",
  "response.content.result",
  "response.content.items.@type",
  "response.content.items.items.@type",
  "wasAutomaticallyDecided",
  "ignored",
);
