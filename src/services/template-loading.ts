// Loading a template by reference, link, token, or id and key (spec/domain.md 2.3, steps 1 to 6).

import { accountTurn, type Change } from "../engine/change.ts";
import { type CommandTag, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { judgeRequest } from "../engine/judging.ts";
import type { TemplateSecret, TemplateView } from "../engine/present.ts";
import { templateLoaded } from "../engine/receive.ts";
import { afterClock } from "../engine/request-state.ts";
import { viewOfTemplate } from "../engine/templates-view.ts";
import { fetchProtected, readToken, referenceInToken } from "../engine/token-reading.ts";
import { putSecret, readSecret } from "../engine/vault.ts";
import { allow, type Outcome, refuse } from "../errors/refusal.ts";
import { parseTemplateContent } from "../model/contents.ts";
import { extended } from "../model/extended.ts";
import { isId, newId } from "../model/ids.ts";
import { instantOf } from "../model/instant.ts";
import type { JsonObject } from "../model/json.ts";
import { keyOf } from "../model/keys.ts";
import type { PeerRecord, RelationshipRecord, RequestRecord, TemplateRecord } from "../model/records.ts";
import { type Reference, readReference } from "../sealed/reference.ts";
import { openTemplate } from "../sealed/template.ts";
import type { Reads } from "../turn/turn.ts";
import type { WireTemplate } from "../wire/shapes.ts";

/** Input of `templates.load`: a reference (truncated or URL, of a template or of a token for one), or id and secretKey. */
export type LoadTemplate = ({ readonly reference: string } | { readonly id: string; readonly secretKey: string }) & {
  readonly password?: string;
};

/** Loads it, stores its id as the result, and lets the rules judge the LocalRequest that may come of it. */
export async function loadTemplate(
  account: Account,
  input: LoadTemplate,
  tag: CommandTag,
): Promise<Outcome<TemplateView>> {
  const reference = referenceFrom(input);
  if (!reference.ok) return reference;
  const found = await templateReference(account, reference.value, input.password);
  if (!found.ok) return found;
  const loaded = await account.lanes.run(`load-${found.value.id}`, () =>
    load(account, found.value, { password: input.password, tag }),
  );
  if (!loaded.ok) return loaded;
  const { view, requestId } = loaded.value;
  if (requestId !== undefined) await judgeRequest(account, requestId);
  return allow(view);
}

function referenceFrom(input: LoadTemplate): Outcome<Reference> {
  if (!("id" in input)) {
    if (typeof input.reference === "string") return readReference(input.reference);
    return refuse("error.runtime.validation.invalidPropertyValue", "reference must be a text: truncated or URL.");
  }
  const { id, secretKey } = input;
  if (typeof id !== "string" || typeof secretKey !== "string")
    return refuse("error.runtime.validation.invalidPropertyValue", "id and secretKey must be texts.");
  if (!isId(id, "RLT") && !isId(id, "TOK"))
    return refuse("error.runtime.invalidReference", `${id} is not the id of a template.`);
  return allow({ id, secretKey });
}

// A token leads to its template; both protections must be met.
async function templateReference(
  account: Account,
  reference: Reference,
  password: string | undefined,
): Promise<Outcome<Reference>> {
  if (isId(reference.id, "RLT")) return allow(reference);
  if (!isId(reference.id, "TOK")) {
    return refuse(
      "error.runtime.invalidReference",
      "The reference points neither to a template nor to a token for one.",
    );
  }
  const read = await readToken(account, { reference, password });
  return read.ok ? referenceInToken(read.value.content, "RelationshipTemplate") : read;
}

interface Loaded {
  readonly view: TemplateView;
  /** The LocalRequest that waits for the rules. */
  readonly requestId: string | undefined;
}

async function load(
  account: Account,
  reference: Reference,
  { password, tag }: { readonly password: string | undefined; readonly tag: CommandTag },
): Promise<Outcome<Loaded>> {
  if (reference.passwordProtection !== undefined && password === undefined) {
    return refuse("error.transport.noPasswordProvided", "The template is password protected. Give its password.");
  }
  const known = await account.store.get<TemplateRecord>(keyOf(account.id, "templates", reference.id));
  if (known !== undefined) {
    const secret = await readSecret<TemplateSecret & JsonObject>(
      account,
      account.store.get,
      `template-${reference.id}`,
    );
    return take(account, {
      record: known.document,
      secret: secret ?? { secretKey: reference.secretKey },
      tag,
    });
  }
  const fetched = await fetchProtected<WireTemplate>(account, { operation: "getTemplate", reference, password });
  if (!fetched.ok) return fetched;
  const { wire, protection } = fetched.value;
  const { content: sealed, createdBy } = wire;
  const opened = openTemplate(account.crypto, { content: sealed, secretKey: reference.secretKey }, { createdBy });
  if (!opened.ok) return opened;
  const parsed = parseTemplateContent(opened.value.content, account.kinds, { received: true });
  if (!parsed.ok) return parsed;
  const { id, createdByDevice, createdAt, expiresAt, maxNumberOfAllocations, forIdentity } = wire;
  const record: TemplateRecord = {
    id,
    isOwn: createdBy === account.self,
    createdBy,
    createdByDevice,
    createdAt,
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(maxNumberOfAllocations === null ? {} : { maxNumberOfAllocations }),
    ...(forIdentity === null ? {} : { forIdentity }),
    ...(protection === undefined ? {} : { isPasswordProtected: true as const }),
    content: parsed.value as unknown as JsonObject,
    identityPublicKey: opened.value.identity.publicKey,
    templateKey: opened.value.templateKey,
  };
  const secret: TemplateSecret = { secretKey: reference.secretKey, ...protection?.secret };
  return take(account, { record, secret, tag });
}

interface Taken {
  readonly record: TemplateRecord;
  readonly secret: TemplateSecret;
  readonly tag: CommandTag;
}

function take(account: Account, taken: Taken): Promise<Outcome<Loaded>> {
  return accountTurn(account, {
    gather: (reads) => gather(account, reads, taken.record),
    plan: (facts, change) => planTaken(account, change, extended(taken, { facts })),
  });
}

type Facts = Awaited<ReturnType<typeof gather>>;

async function gather(account: Account, reads: Reads, record: TemplateRecord) {
  const now = instantOf(account.clock.now());
  const known = (await reads.get<TemplateRecord>(keyOf(account.id, "templates", record.id)))?.document;
  const peer = (await reads.get<PeerRecord>(keyOf(account.id, "peers", record.createdBy)))?.document;
  const existing =
    peer?.existing === undefined
      ? undefined
      : (await reads.get<RelationshipRecord>(keyOf(account.id, "relationships", peer.existing)))?.document;
  const requestOf = async (id: string | undefined) => {
    if (id === undefined) return undefined;
    const stored = (await reads.get<RequestRecord>(keyOf(account.id, "requests", id)))?.document;
    return stored === undefined ? undefined : afterClock(stored, now).record;
  };
  const others: RequestRecord[] = [];
  for (const id of peer?.openRequests ?? []) {
    const other = await requestOf(id);
    if (other !== undefined) others.push(other);
  }
  return {
    now,
    known,
    peer,
    existing,
    ownRequest: await requestOf(known?.requestId),
    otherRequests: others,
    newRequestId: newId("REQ", account.entropy),
  };
}

function planTaken(
  account: Account,
  change: Change,
  { record, secret, tag, facts }: Taken & { readonly facts: Facts },
): Outcome<Loaded> {
  const { known, newRequestId, ...rest } = facts;
  const template = known ?? record;
  const view = viewOfTemplate(account, template, secret);
  if (known === undefined) {
    change.put("templates", template.id, template);
    putSecret(account, change, { id: `template-${template.id}`, secret: secret });
  }
  templateLoaded(account, change, { template, view: () => view, newRequestId, ...rest });
  recordResult(account, change, { tag, result: { id: template.id } });
  const request = change.contents.puts.get(keyOf(account.id, "requests", newRequestId))?.document;
  const waits = request?.["status"] === "DecisionRequired";
  return allow({ view, requestId: waits ? newRequestId : undefined });
}
