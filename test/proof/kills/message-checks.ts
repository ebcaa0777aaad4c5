// Messages: every one that was acknowledged is in both mailboxes once, and no mailbox has one that nobody sent.
import type { EndState, MessageThere, PartyState } from "./end-state.ts";
import { type Call, type Write, writesOf } from "./history.ts";
import { isRightCount } from "./write-checks.ts";

/** What is wrong with the mailboxes. */
export function messageFlaws(calls: readonly Call[], { parties }: EndState): string[] {
  const states = Object.entries(parties);
  return [
    ...mailFlaws(calls, states),
    ...states.flatMap(([name, { messages }]) =>
      twice(messages.map(({ id }) => id)).map((id) => `${name}: the Message ${id} is there twice`),
    ),
    ...askingFlaws(calls, states),
    ...states.flatMap((from) => states.flatMap((to) => (from === to ? [] : deliveryFlaws(from, to)))),
  ];
}

/** Texts that come more than once. */
export function twice(texts: readonly string[]): string[] {
  return [...new Set(texts.filter((text, at) => texts.indexOf(text) !== at))];
}

type Named = readonly [string, PartyState];

function mailFlaws(calls: readonly Call[], states: readonly Named[]): string[] {
  const writes = writesOf(calls, "mail");
  const mailsByParty = new Map(states.map(([name, { messages }]) => [name, byMark(messages)]));
  const nameByAddress = new Map(states.map(([name, { address }]) => [address, name]));
  const marks = new Set(writes.map(({ deed }) => deed.mark));
  return [
    ...writes.flatMap((write) => {
      const { party, deed } = write;
      const at = (name: string) => mailsByParty.get(name)?.get(deed.mark) ?? [];
      const recipient = nameByAddress.get(deed.to) ?? "";
      return [...countFlaws(write, party, at(party)), ...countFlaws(write, recipient, at(recipient))];
    }),
    ...[...mailsByParty].flatMap(([name, mails]) =>
      [...mails.keys()].flatMap((mark) => (marks.has(mark) ? [] : [`${name}: nobody sent the mail ${mark}`])),
    ),
  ];
}

type Mail = Write<{
  readonly kind: "mail";
  readonly mark: string;
  readonly to: string;
  readonly attached: readonly string[];
}>;

function countFlaws({ party, deed, outcome, ids }: Mail, at: string, there: readonly MessageThere[]): string[] {
  const what = `the mail ${deed.mark} of ${party}`;
  if (!isRightCount(outcome, there.length)) return [`${at}: ${what} was ${outcome} and is there ${there.length} times`];
  return there.flatMap(({ id, attached, recipients }) => [
    ...(ids[0] === undefined || ids[0] === id ? [] : [`${at}: ${what} was acknowledged as ${ids[0]} and is ${id}`]),
    ...(String(attached) === String(deed.attached) ? [] : [`${at}: ${what} has other attachments: ${attached}`]),
    ...(recipients.includes(deed.to) ? [] : [`${at}: ${what} has other recipients: ${recipients}`]),
  ]);
}

function byMark(messages: readonly MessageThere[]): Map<string, MessageThere[]> {
  const found = new Map<string, MessageThere[]>();
  for (const one of messages) {
    if (one.mark !== undefined) found.set(one.mark, [...(found.get(one.mark) ?? []), one]);
  }
  return found;
}

function askingFlaws(calls: readonly Call[], states: readonly Named[]): string[] {
  const idsByParty = new Map(states.map(([name, { messages }]) => [name, new Set(messages.map(({ id }) => id))]));
  return writesOf(calls, "asking").flatMap(({ party, deed, ids: [id] }) =>
    id === undefined || idsByParty.get(party)?.has(id)
      ? []
      : [`${party}: the Message ${id} with the Request ${deed.requestId} was acknowledged and is not there`],
  );
}

/** Whatever one has sent to the other, the other has received, and nothing else. */
function deliveryFlaws([fromName, from]: Named, [toName, to]: Named): string[] {
  const between = ({ createdBy, recipients }: MessageThere) =>
    createdBy === from.address && recipients.includes(to.address);
  const sent = new Map(from.messages.filter(between).map((one) => [one.id, one]));
  const received = new Map(to.messages.filter(between).map((one) => [one.id, one]));
  return [
    ...[...sent.values()].flatMap(({ id, type }) =>
      received.has(id) ? [] : [`${toName}: the ${type} ${id} of ${fromName} never arrived`],
    ),
    ...[...received.values()].flatMap(({ id, type }) =>
      sent.has(id) ? [] : [`${toName}: ${fromName} knows nothing of the ${type} ${id} that arrived`],
    ),
  ];
}
