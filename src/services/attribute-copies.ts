// What peers were given of attributes, as objects of their own (spec/domain.md 6.1, the second generation's shared copies).
import { withdrawCopy } from "../engine/attribute-withdrawal.ts";
import { type CommandOptions, once } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { sendNotices } from "../engine/outgoing-notification.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, unwrap } from "../errors/refusal.ts";
import { attributeView } from "../items/attribute-ledger.ts";
import type { AttributeRecord, ForwardsRecord } from "../model/attribute-records.ts";
import type { Condition } from "../model/condition.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf, pathOf } from "../model/keys.ts";
import { matches } from "../model/matches.ts";
import { parseQuery } from "../model/query.ts";
import { attributeFields } from "./attribute-lists.ts";
import type { ForwardingDetails, LocalAttribute } from "./attributes.ts";
import { atTheDoor, flag, id, object, optional, options, query, text } from "./door.ts";
import type { Listed, Query } from "./listing.ts";

/** One version of an attribute as one peer was given it; its id is that of the ForwardingDetails. */
export interface AttributeCopy {
  readonly details: ForwardingDetails;
  readonly attribute: LocalAttribute;
  /** The ids of the copies that the same peer was given of the versions before and after it. */
  readonly succeeds?: string;
  readonly succeededBy?: string;
}

/** Which copies: those of one peer, or of one attribute in all its versions. */
export interface CopiesAsked {
  readonly peer?: string;
  /** The id of any version. */
  readonly attributeId?: string;
  /** Of each peer and line the latest version alone. */
  readonly onlyLatestVersions?: boolean;
  /** The fields of attributes, `shareInfo` and its members among them. */
  readonly query?: Query;
  /** Unknown fields of the query are ignored and not refused. */
  readonly lenient?: boolean;
}

/** What was withdrawn; `notificationId` is what told the peer, where it could be told. */
export interface Withdrawn {
  readonly notificationId?: string;
}

/** Copies of attributes at peers. */
export interface AttributeCopies {
  /** Throws `error.runtime.recordNotFound`. */
  get(id: string): Promise<AttributeCopy>;
  /** Of each peer and line the earlier version first. */
  each(asked?: CopiesAsked): AsyncIterable<Listed<AttributeCopy>>;
  /** Tells the peer that its copy and those of earlier versions are deleted; the attribute itself stays. */
  withdraw(id: string, options?: CommandOptions): Promise<Withdrawn>;
}

/** The service of one account. */
export function createAttributeCopies(account: Account): AttributeCopies {
  const service: AttributeCopies = {
    async get(id) {
      for await (const entry of copies(account, {}, { "details.id": [{ anyOf: [id] }] }))
        if (entry.id === id) return entry.view();
      throw fault("error.runtime.recordNotFound", `There is no copy ${id} of an attribute. Check the id.`);
    },
    each: (asked = {}) => eachCopy(account, asked),
    withdraw: (id, given) =>
      once<Withdrawn>(
        account,
        { name: "attributeCopies.withdraw", input: { id }, options: given },
        {
          async run(tag) {
            const withdrawn = await withdrawCopy(account, id, tag);
            if (!withdrawn.ok) return withdrawn;
            const { intent, ...result } = withdrawn.value;
            if (intent !== undefined) await sendNotices(account, [intent]);
            return allow(result);
          },
          replay: async (stored) => stored as Withdrawn,
        },
      ),
  };
  const asked = object("asked", {
    peer: optional(text("peer")),
    attributeId: optional(text("attributeId")),
    onlyLatestVersions: optional(flag("onlyLatestVersions")),
    query,
    lenient: optional(flag("lenient")),
  });
  return atTheDoor<AttributeCopies>(service, { get: [id], each: [optional(asked)], withdraw: [id, options] });
}

type Where = { readonly [path: string]: readonly Condition[] };

async function* eachCopy(account: Account, asked: CopiesAsked) {
  const { peer, attributeId } = asked;
  const line = attributeId === undefined ? undefined : await read(account, attributeId);
  if (attributeId !== undefined && line === undefined) throw notFound(attributeId);
  yield* copies(account, asked, {
    ...(peer === undefined ? {} : { peer: [{ anyOf: [peer] }] }),
    ...(line === undefined ? {} : { root: [{ anyOf: [line.root] }] }),
  });
}

// The content of a version never changes, so what says who was given it tells all changes of a copy.
async function* copies(
  account: Account,
  { onlyLatestVersions = false, query: wanted = {}, lenient = false }: CopiesAsked,
  where: Where,
): AsyncGenerator<Listed<AttributeCopy>, void, undefined> {
  const conditions = unwrap(parseQuery(wanted, attributeFields, { lenient }));
  const under = pathOf(account.id, "attributeforwards");
  for await (const { document, version } of account.store.find<ForwardsRecord>({ under, where })) {
    const details = document.details.toSorted((one, other) => one.version - other.version);
    for (const [place, { id, attributeId }] of details.entries()) {
      if (onlyLatestVersions && place < details.length - 1) continue;
      const attribute = await read(account, attributeId);
      const copy = attribute && copyOf({ peer: document.peer, details, place }, attribute);
      if (copy !== undefined && matches(asAttribute(copy), conditions)) yield { id, version, view: () => copy };
    }
  }
}

/** The copy as the second generation's attribute, for queries. */
function asAttribute({ details, attribute, ...line }: AttributeCopy): JsonObject {
  const { id, peer, sourceReference, sharedAt: createdAt, deletionInfo, attributeId: sourceAttribute } = details;
  const reference = sourceReference.startsWith("NOT") ? "notificationReference" : "requestReference";
  const third = attribute.peer === undefined ? {} : { thirdPartyAddress: attribute.peer };
  const shareInfo = { peer, [reference]: sourceReference, sourceAttribute, ...third };
  const mark = deletionInfo === undefined ? {} : { deletionInfo };
  return { id, createdAt, content: attribute.content, peer, sourceReference, shareInfo, ...mark, ...line };
}

interface Placed {
  readonly peer: string;
  /** The earliest version first. */
  readonly details: ForwardsRecord["details"];
  readonly place: number;
}

function copyOf({ peer, details, place }: Placed, record: AttributeRecord): AttributeCopy {
  const { version: _version, ...own } = details[place] as ForwardsRecord["details"][number];
  const succeeds = details[place - 1]?.id;
  const succeededBy = details[place + 1]?.id;
  return {
    details: { ...own, peer },
    attribute: attributeView(record),
    ...(succeeds === undefined ? {} : { succeeds }),
    ...(succeededBy === undefined ? {} : { succeededBy }),
  };
}

async function read(account: Account, id: string): Promise<AttributeRecord | undefined> {
  return (await account.store.get<AttributeRecord>(keyOf(account.id, "attributes", id)))?.document;
}

function notFound(id: string) {
  return fault("error.runtime.recordNotFound", `There is no attribute ${id}. Check the id.`);
}
