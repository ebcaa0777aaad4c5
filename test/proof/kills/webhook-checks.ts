// Webhooks: every event was told at least once, and those of one thing in their order.
import type { EndState, PartyState, Told } from "./end-state.ts";

/** What is wrong with what the receiver was told. */
export function webhookFlaws({ told, parties }: EndState): string[] {
  const partyByStream = new Map<string, string>();
  const nameByAddress = new Map(Object.entries(parties).map(([name, { address }]) => [address, name]));
  for (const { stream, owner } of told) {
    const name = nameByAddress.get(owner ?? "");
    if (name !== undefined) partyByStream.set(stream, name);
  }
  const streamByParty = new Map([...partyByStream].map(([stream, name]) => [name, stream]));
  return [
    ...gapsIn(told),
    ...orderFlaws(told),
    ...Object.entries(parties).flatMap(([name, state]) => {
      const own = told.filter(({ stream }) => stream === streamByParty.get(name));
      return lastFlaws(state, own).map((flaw) => `${name}: ${flaw}`);
    }),
  ];
}

/** Numbers of events that were never told although later ones were: every event has a target, so there is no gap. */
export function gapsIn(told: readonly Told[]): string[] {
  const numbersByStream = new Map<string, Set<number>>();
  for (const { stream, number } of told) {
    const numbers = numbersByStream.get(stream) ?? new Set();
    numbersByStream.set(stream, numbers.add(number));
  }
  return [...numbersByStream].flatMap(([stream, numbers]) => {
    const count = [...numbers].reduce((most, number) => Math.max(most, number), 0) + 1;
    return Array.from({ length: count }, (_, at) => at).flatMap((at) =>
      numbers.has(at) ? [] : [`the event ${at} of ${stream} was never told`],
    );
  });
}

/** An event may come again, but none comes first after a later one of the same thing. */
function orderFlaws(told: readonly Told[]): string[] {
  const heard = new Set<string>();
  const lastByEntity = new Map<string, number>();
  return told.flatMap(({ stream, number, entity, trigger }) => {
    if (heard.has(`${stream} ${number}`)) return [];
    heard.add(`${stream} ${number}`);
    const last = lastByEntity.get(`${stream} ${entity}`) ?? -1;
    lastByEntity.set(`${stream} ${entity}`, Math.max(last, number));
    return number > last ? [] : [`${trigger} (${number}) of ${entity} was first told after ${last} of ${stream}`];
  });
}

/** The last that was told of everything is how it is. */
function lastFlaws({ messages, relationships, requests, address }: PartyState, told: readonly Told[]): string[] {
  const has = new Set(told.map(({ trigger, entity }) => `${trigger} ${entity}`));
  const lastById = new Map<string, Told>();
  for (const one of told) {
    if (one.status === undefined) continue;
    const last = lastById.get(one.entity);
    if (last === undefined || last.number <= one.number) lastById.set(one.entity, one);
  }
  return [
    ...messages.flatMap(({ id, createdBy }) => {
      const trigger = createdBy === address ? "transport.messageSent" : "transport.messageReceived";
      return has.has(`${trigger} ${id}`) ? [] : [`${trigger} ${id} was never told`];
    }),
    ...relationships.flatMap(({ id, status, auditLog }) => {
      const last = lastById.get(id);
      const isTold = last?.status === status && (last.entries ?? auditLog.length) === auditLog.length;
      return isTold ? [] : [`${id} is ${status}, and the last that was told of it is ${JSON.stringify(last)}`];
    }),
    ...requests.flatMap(({ id, status }) => {
      const last = lastById.get(id)?.status;
      return last === status ? [] : [`${id} is ${status}, and the last that was told of it is ${last}`];
    }),
  ];
}
