import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { relationshipWith } from "../engine/deciding-facts.ts";
import { hasOpenIntent, inProgress } from "../engine/intents.ts";
import { gatherKnown, infoFor, type Known, lookAtRelay } from "../engine/knowledge.ts";
import { type RequestView, requestView } from "../engine/present.ts";
import { isRelationship } from "../engine/relationship-state.ts";
import { afterClock, deadlineOf, draftedState, moveOutgoing } from "../engine/request-state.ts";
import { refusalOfValidation } from "../engine/validation-refusal.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import { canCreateRequest } from "../items/can-create-request.ts";
import { extended } from "../model/extended.ts";
import { newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { RequestRecord } from "../model/records.ts";
import { parseRequest, type Request } from "../model/request.ts";
import type { Validation } from "../model/validation.ts";
import type { Reads } from "../turn/turn.ts";
import { settleTimers } from "./deadlines.ts";
import { atTheDoor, id, listOptions, object, optional, options, query, text } from "./door.ts";
import { each, found, type List, type Listed, type ListOptions, listed, type Query } from "./listing.ts";
import { looking } from "./looking.ts";
import { requestFields } from "./request-fields.ts";

/** Input of `canCreate` and `create`. */
export interface NewRequest {
  readonly content: JsonObject;
  /** Required for `create`. */
  readonly peer?: string;
}

/** Requests that this account asks of peers. */
export interface OutgoingRequests {
  get(id: string): Promise<RequestView>;
  /** The same with its version, its view only made when it is asked for. */
  entry(id: string): Promise<Listed<RequestView>>;
  find(query?: Query, options?: ListOptions): Promise<RequestView[]>;
  /** The same one by one, complete without a limit. */
  each(query?: Query, options?: ListOptions): AsyncIterable<Listed<RequestView>>;
  /** Whether the Request may be created; without a peer as for a template (4.4). */
  canCreate(input: NewRequest): Promise<Validation>;
  /** Creates a Draft; `messages.send` with its content sends it. */
  create(input: NewRequest & { readonly peer: string }, options?: CommandOptions): Promise<RequestView>;
  /** Removes a Draft. */
  discard(id: string, options?: CommandOptions): Promise<void>;
}

/** The service of one account. */
export function createOutgoing(account: Account): OutgoingRequests {
  const entry: OutgoingRequests["entry"] = async (id) => {
    await settleTimers(account);
    const stored = await account.store.get<RequestRecord>(keyOf(account.id, "requests", id));
    if (stored?.document.isOwn === true) return listed(stored, list);
    throw fault("error.runtime.recordNotFound", `There is no outgoing LocalRequest ${id}. Check the id.`);
  };
  const service: OutgoingRequests = {
    get: async (id) => (await entry(id)).view(),
    entry,
    find: (query, options) => found(account, list, { query, options }),
    each: (query, options) => each(account, list, { query, options }),
    async canCreate(input) {
      const request = unwrap(parse(account, input));
      const looked = await look(account, request, input.peer);
      return judge(account, request, await gather(account, looking(account), { request, peer: input.peer, looked }));
    },
    create: (input, given) => {
      const parsed = parse(account, input);
      return once<RequestView>(
        account,
        { name: "requests.outgoing.create", input, options: given },
        {
          run: async (tag) => (parsed.ok ? create(account, { request: parsed.value, peer: input.peer }, tag) : parsed),
          replay: async (stored) => stored as unknown as RequestView,
        },
      );
    },
    discard: (id, given) =>
      once<undefined>(
        account,
        { name: "requests.outgoing.discard", input: { id }, options: given },
        {
          run: (tag) => discard(account, id, tag),
          replay: async () => undefined,
        },
      ),
  };
  return atTheDoor(service, {
    get: [id],
    entry: [id],
    find: [query, listOptions],
    each: [query, listOptions],
    canCreate: [object("input", { peer: optional(text("peer")) })],
    create: [object("input", { peer: text("peer") }), options],
    discard: [id, options],
  });
}

const list: List<RequestRecord, RequestView> = {
  kind: "requests",
  fields: requestFields,
  always: { isOwn: [{ anyOf: [true] }] },
  hasDeadlines: true,
  view: requestView,
  isWhole: true,
};

function parse(account: Account, { content }: NewRequest): Outcome<Request> {
  return parseRequest(content, account.kinds, { idAllowed: false });
}

function look(account: Account, request: Request, peer: string | undefined): Promise<Known> {
  const now = instantOf(account.clock.now());
  return lookAtRelay(account, { request, info: infoFor(account, { now, peer }) });
}

interface Creating {
  readonly request: Request;
  readonly peer: string | undefined;
  readonly looked: Known;
}

async function gather(account: Account, reads: Reads, { request, peer, looked }: Creating) {
  const relationship = peer === undefined ? undefined : await relationshipWith(account, reads, peer);
  const info = infoFor(account, { now: instantOf(account.clock.now()), peer, known: looked });
  const known = await gatherKnown(account, reads, { request, info });
  return { relationship, info: extended(info, { known }), now: info.now };
}

function judge(account: Account, request: Request, facts: Awaited<ReturnType<typeof gather>>): Validation {
  const { relationship, info } = facts;
  const status = relationship?.peerDeletionInfo?.deletionStatus;
  return canCreateRequest({
    request,
    relationship: {
      exists: relationship !== undefined,
      requestCreatable: relationship !== undefined && isRelationship(relationship, "requestCreatable"),
      ...(status === undefined ? {} : { peerDeletionStatus: status }),
    },
    kinds: account.kinds,
    info,
  });
}

async function create(
  account: Account,
  { request, peer }: { readonly request: Request; readonly peer: string },
  tag: CommandTag,
): Promise<Outcome<RequestView>> {
  const id = newId("REQ", account.entropy);
  const looked = await look(account, request, peer);
  return accountTurn(account, {
    gather: (reads) => gather(account, reads, { request, peer, looked }),
    plan(facts, change) {
      const verdict = judge(account, request, facts);
      if (!verdict.isSuccess) return refusalOfValidation(verdict);
      const record: RequestRecord = {
        id,
        isOwn: true,
        peer,
        createdAt: facts.now,
        content: extended(request, { id }) as unknown as JsonObject,
        status: "Draft",
        statusLog: [],
        state: draftedState(request.expiresAt),
      };
      const view = requestView(record);
      change.put("requests", id, record);
      change.deadline(id, deadlineOf(record));
      change.event("consumption.outgoingRequestCreated", () => view);
      recordResult(account, change, { tag, result: view as JsonObject });
      return allow(view);
    },
  });
}

function discard(account: Account, id: string, tag: CommandTag): Promise<Outcome<undefined>> {
  return accountTurn(account, {
    gather: async (reads) => ({
      record: (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document,
      isBusy: await hasOpenIntent(account, reads, id),
      now: instantOf(account.clock.now()),
    }),
    plan({ record, isBusy, now }, change) {
      if (record?.isOwn !== true)
        return refuse("error.runtime.recordNotFound", `There is no outgoing LocalRequest ${id}.`);
      if (isBusy) return inProgress(id);
      const moved = moveOutgoing(afterClock(record, now).record, { type: "request.discarded" }, now);
      if (!moved.ok) return moved;
      change.remove("requests", id);
      change.deadline(id, undefined);
      recordResult(account, change, { tag, result: {} });
      return allow(undefined);
    },
  });
}
