// Which Messages a list has (spec/connector-api.md 1.13).

import type { MessageView } from "../engine/present.ts";
import { unwrap } from "../errors/refusal.ts";
import { extended } from "../model/extended.ts";
import { matches } from "../model/matches.ts";
import { parseQuery } from "../model/query.ts";
import type { MessageRecord } from "../model/records.ts";
import { type Asked, type List, type Query, same } from "./listing.ts";

/** What a list of Messages is made from, and what is asked of it. `participant` is whoever sent or received it. */
export function messageList({ query = {}, options }: Asked): readonly [List<MessageRecord, MessageView>, Asked] {
  const given = Object.entries(query);
  const participant = Object.fromEntries(given.filter(([field]) => isParticipant(field)));
  if (Object.keys(participant).length === 0) return [list, { query, options }];
  const where = unwrap(parseQuery(participant, same("participant")));
  const keeps = ({ createdBy, recipients }: MessageRecord) =>
    matches({ participant: [createdBy, ...recipients.map(({ address }) => address)] }, where);
  const others: Query = Object.fromEntries(given.filter(([field]) => !isParticipant(field)));
  return [extended(list, { keeps }), { query: others, options }];
}

const isParticipant = (field: string) => /^participant(?:\.\d+)?$/.test(field);

const fields = same(
  "id",
  "isOwn",
  "createdBy",
  "createdByDevice",
  "createdAt",
  "content.@type",
  "content.body",
  "content.bodyFormat",
  "content.subject",
  "attachments",
  "wasReadAt",
  "recipients.address",
  "recipients.relationshipId",
);

const list: List<MessageRecord, MessageView> = { kind: "messages", fields, view: (record) => record };
