// The door "rapport/relay": the referee between two parties, without HTTP.
export type { Announcement, ByLanguage, NewAnnouncement, RegisteredClient, RelayAdmin } from "./admin.ts";
export type { Caller } from "./caller.ts";
export type { RelayClient } from "./desk.ts";
export { collections } from "./documents.ts";
export type { NewsItem } from "./news.ts";
export type { Relay, RelayOptions } from "./relay.ts";
export { createRelay } from "./relay.ts";
export type { RelayAnswer } from "./reply.ts";
export type { QuotaMetric, QuotaPeriod, QuotaSetting, RelaySettings } from "./settings.ts";
export { quotaMetrics, quotaPeriods } from "./settings.ts";
