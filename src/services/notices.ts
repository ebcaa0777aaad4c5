import { accountTurn } from "../engine/change.ts";
import { type CommandOptions, type CommandTag, once, recordResult } from "../engine/commands.ts";
import type { Account } from "../engine/context.ts";
import { relationshipWith } from "../engine/deciding-facts.ts";
import { isRelationship } from "../engine/relationship-state.ts";
import { isPassing, refusalOf } from "../engine/relay-refusals.ts";
import { fault } from "../errors/rapport-error.ts";
import { allow, type Outcome, refuse, unwrap } from "../errors/refusal.ts";
import { notificationCodeCharsMax, notificationRecipientsMax } from "../limits.ts";
import { toHex, utf8 } from "../model/bytes.ts";
import { newId } from "../model/ids.ts";
import type { WireAnnouncement } from "../wire/shapes.ts";
import { atTheDoor, isText, object, options } from "./door.ts";
import { looking } from "./looking.ts";

/** A text of the relay's operator, in one language. */
export type AnnouncementView = Pick<
  WireAnnouncement,
  "id" | "createdAt" | "severity" | "title" | "body" | "actions"
> & {
  readonly expiresAt?: string;
  readonly iqlQuery?: string;
};

/** What the relay's operator tells (spec/backbone-protocol.md 5.5). */
export interface Announcements {
  /** Those for everybody and for this identity that are not over, in this language or else in English. */
  list(input: { readonly language: string }): Promise<AnnouncementView[]>;
}

/** Input of `backboneNotifications.send`. */
export interface NewBackboneNotification {
  readonly recipients: readonly string[];
  /** One of the codes that the relay's operator has set up. */
  readonly code: string;
}

/** Wakes the devices of peers with a text that the relay's operator has set up (spec/backbone-protocol.md 5.5). */
export interface BackboneNotifications {
  /**
   * Sends it at once or not at all: a call to wake somebody is of no use later, so none is kept for a relay that does not
   * answer. Under a `commandId` it may be repeated, and a relay of ours sends it once.
   */
  send(input: NewBackboneNotification, options?: CommandOptions): Promise<void>;
}

/** The service of one account. */
export function createAnnouncements(account: Account): Announcements {
  const service: Announcements = { list: ({ language }) => announcements(account, language) };
  return atTheDoor<Announcements>(service, { list: [object("input", { language })] });
}

const invalid = "error.runtime.validation.invalidPropertyValue";

const language = (argument: unknown): Outcome<unknown> =>
  typeof argument === "string" && /^[a-z]{2}$/.test(argument)
    ? allow(argument)
    : refuse(invalid, "language must be the two letters of ISO 639-1, for example en.");

async function announcements(account: Account, language: string): Promise<AnnouncementView[]> {
  const answer = await account.transport.call({ operation: "listAnnouncements", query: { language } }, account.session);
  if (!answer.ok) {
    if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
    return unwrap({ ok: false, refusal: refusalOf(answer, "listAnnouncements") });
  }
  return (answer.result as unknown as WireAnnouncement[]).map(({ expiresAt, iqlQuery, ...text }) => ({
    ...text,
    ...(expiresAt === null ? {} : { expiresAt }),
    ...(iqlQuery === null ? {} : { iqlQuery }),
  }));
}

/** The service of one account. */
export function createBackboneNotifications(account: Account): BackboneNotifications {
  const service: BackboneNotifications = {
    send: (input, given) =>
      once<undefined>(
        account,
        { name: "backboneNotifications.send", input, options: given },
        { run: (tag) => send(account, input, tag), replay: async () => undefined },
      ),
  };
  return atTheDoor<BackboneNotifications>(service, { send: [object("input", { recipients, code }), options] });
}

const recipients = (argument: unknown): Outcome<unknown> => {
  const isList = Array.isArray(argument) && argument.length >= 1 && argument.length <= notificationRecipientsMax;
  return isList && argument.every(isText)
    ? allow([...new Set(argument)])
    : refuse(invalid, `recipients must be a list of 1 to ${notificationRecipientsMax} addresses.`);
};

const code = (argument: unknown): Outcome<unknown> =>
  isText(argument) && argument.length >= 1 && argument.length <= notificationCodeCharsMax
    ? allow(argument)
    : refuse(invalid, `code must be a text of 1 to ${notificationCodeCharsMax} characters.`);

async function send(
  account: Account,
  { recipients, code }: NewBackboneNotification,
  tag: CommandTag,
): Promise<Outcome<undefined>> {
  const strangers: string[] = [];
  for (const recipient of recipients) {
    const relationship = await relationshipWith(account, looking(account), recipient);
    if (relationship === undefined || !isRelationship(relationship, "messages")) strangers.push(recipient);
  }
  if (strangers.length > 0) {
    const message = "There is no Active Relationship with some of the recipients.";
    const refused = "error.transport.backboneNotifications.noActiveRelationshipFoundForRecipients";
    return refuse(refused, message, { recipients: strangers });
  }
  const answer = await account.transport.call(
    {
      operation: "sendNotification",
      body: JSON.stringify({ recipients, code }),
      idempotencyKey: keyFor(account, tag),
    },
    account.session,
  );
  if (!answer.ok) {
    if (isPassing(answer)) throw fault("relay.unreachable", `The relay could not answer: ${answer.error.message}`);
    return { ok: false, refusal: refusalOf(answer, "sendNotification") };
  }
  return accountTurn(account, {
    gather: async () => undefined,
    plan(_facts, change) {
      recordResult(account, change, { tag, result: {} });
      return allow(undefined);
    },
  });
}

// The same key for the same command, so that the relay recognises the repetition even after a crash.
function keyFor({ crypto, entropy, id }: Account, tag: CommandTag): string {
  if (tag === undefined) return newId("IDK", entropy);
  return toHex(crypto.hashing.sha256(utf8(JSON.stringify([id, tag.commandId, tag.input]))));
}
