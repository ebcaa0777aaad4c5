// Brings a house to rest after its load, and writes down what is there.
import { setTimeout as pause } from "node:timers/promises";
import { blobFlaws, brokenLaws, stockOf } from "../../apps/relay/store-laws.ts";
import { sha256Of } from "./couples.ts";
import type { EndState, FileThere, PartyState, RelayState, RequestThere } from "./end-state.ts";
import { apiKey, type House, type Party } from "./house.ts";
import type { Result } from "./party-client.ts";
import { gapsIn } from "./webhook-checks.ts";

/** Downloads at once. */
const downloadsMax = 8;

/** Everybody fetches everything until nothing moves any more, or for too long; the checker tells what is still open. */
export async function bringToRest({ parties, receiver }: House, seconds: number): Promise<void> {
  const began = performance.now();
  let quiet = 0;
  for (let before = -1; quiet < 2 && performance.now() - began < seconds * 1000; before = receiver.told.length) {
    const moved = await Promise.all(parties.map(moves));
    const isQuiet = !moved.includes(true) && receiver.told.length === before && gapsIn(receiver.told).length === 0;
    quiet = isQuiet ? quiet + 1 : 0;
    if (quiet < 2) await pause(500);
  }
}

async function moves(party: Party): Promise<boolean> {
  await asked(party, "POST /api/rapport/v1/Intents/Resume");
  const { status, result } = await asked(party, "POST /Account/Sync");
  const intents = await asked(party, "GET /api/rapport/v1/Intents");
  const decided = await asked(party, "GET /Requests/Incoming?status=Decided");
  if (status !== 200 || intents.status !== 200) return true;
  return result.messages.length + result.relationships.length + intents.result.length + decided.result.length > 0;
}

/** Writes it all down; the relay is killed at the end, so that its store can be looked at. */
export async function observe(house: House): Promise<EndState> {
  const states = await Promise.all(house.parties.map(async (one) => [one.name, await stateOf(one)] as const));
  await Promise.all(house.processes.map((one) => one.kill()));
  return {
    parties: Object.fromEntries(states),
    relay: await relayState(house),
    told: house.receiver.told,
    flaws: house.processes.flatMap(({ flaws }) => flaws),
  };
}

async function stateOf(party: Party): Promise<PartyState> {
  const list = async (path: string): Promise<readonly Result[]> => {
    const { status, result } = await asked(party, `GET ${path}`);
    if (status !== 200) throw new Error(`${party.name} answers ${status} to GET ${path}`);
    return result;
  };
  const letters = await list("/api/rapport/v1/DeadLetters");
  const intents = await list("/api/rapport/v1/Intents");
  return {
    address: party.address,
    messages: (await list("/Messages")).map(messageThere),
    relationships: (await list("/Relationships")).map(({ id, peer, template, templateId, status, auditLog }) => ({
      ...{ id, peer, status, auditLog },
      templateId: templateId ?? template.id,
    })),
    requests: [...(await list("/Requests/Outgoing")), ...(await list("/Requests/Incoming"))].map(requestThere),
    templates: (await list("/RelationshipTemplates")).map(({ id, isOwn, content }) => ({
      ...{ id, isOwn },
      mark: content.title ?? content.value?.mark,
    })),
    files: await filesAt(party, await list("/Files")),
    attributes: (await list("/Attributes")).map(({ id, content }) => ({ id, isOwn: true, mark: content.value.value })),
    openWork: [
      ...letters.map((letter) => `dead letter: ${JSON.stringify(letter).slice(0, 500)}`),
      ...intents.map((intent) => `open call to the relay: ${JSON.stringify(intent).slice(0, 500)}`),
    ],
  };
}

function messageThere({ id, createdBy, recipients, content, attachments }: Result) {
  return {
    ...{ id, createdBy, attached: attachments, type: content["@type"] },
    recipients: recipients.map(({ address }: Result) => address),
    ...(content["@type"] === "Mail" ? { mark: content.subject } : {}),
  };
}

function requestThere({ id, isOwn, peer, status, content, source, response }: Result): RequestThere {
  const item = response?.content.items[0];
  return {
    ...{ id, isOwn, peer, status, mark: content.items[0].freeText },
    ...(source === undefined ? {} : { source: source.reference }),
    ...(response === undefined ? {} : { result: response.content.result, answer: item?.freeText ?? item?.message }),
  };
}

async function filesAt(party: Party, files: readonly Result[]): Promise<FileThere[]> {
  const waiting = [...files];
  const there: FileThere[] = [];
  const download = async () => {
    for (let one = waiting.pop(); one !== undefined; one = waiting.pop()) {
      const { id, isOwn, title } = one;
      const answer = await fetch(urlOf(party, `/Files/${id}/Download`), { headers: { "X-API-KEY": apiKey } });
      const bytes = new Uint8Array(await answer.arrayBuffer());
      const sha256 = answer.status === 200 ? await sha256Of(bytes) : `no download: ${answer.status}`;
      there.push({ id, isOwn, mark: title, sha256 });
    }
  };
  await Promise.all(Array.from({ length: downloadsMax }, download));
  return there;
}

async function relayState({ relayStore, blobs }: House): Promise<RelayState> {
  const store = await relayStore();
  const stock = await stockOf(store);
  const flaws = [...(await brokenLaws(store, stock)), ...(await blobFlaws(blobs, stock))];
  await store[Symbol.asyncDispose]();
  return {
    relationships: stock.relationships.map(({ id, auditLog }) => ({ id, auditLog })),
    templates: stock.templates.map(({ id }) => id),
    files: stock.files.map(({ id }) => id),
    flaws: [
      ...flaws,
      ...stock.messages.flatMap(({ id, recipients }) =>
        recipients.flatMap(({ address, receivedAt }: Result) =>
          receivedAt === null ? [`the relay still has the Message ${id} for ${address}`] : [],
        ),
      ),
      ...stock.identities.flatMap(({ address, events }) =>
        events.indexes.map((index) => `nobody has fetched the event ${index} for ${address}`),
      ),
    ],
  };
}

async function asked(party: Party, call: string): Promise<{ readonly status: number; readonly result: Result }> {
  const [method = "", path = ""] = call.split(" ");
  const headers = { "X-API-KEY": apiKey, accept: "application/json", prefer: "return=representation" };
  const answer = await fetch(urlOf(party, path), { method, headers });
  const text = await answer.text();
  return { status: answer.status, result: text === "" ? undefined : JSON.parse(text).result };
}

function urlOf({ name, servers }: Party, path: string): string {
  return `${servers[0]?.url()}/${name}${path.startsWith("/api/") ? "" : "/api/v2"}${path}`;
}
