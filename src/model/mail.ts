// Mail: a Message for people (spec/domain.md 8.1).
import { extended } from "./extended.ts";
import type { Json, JsonObject } from "./json.ts";
import { choiceProblem, isArray, textProblem } from "./shape.ts";

/** A letter from person to person. */
export interface Mail {
  readonly "@type": "Mail";
  /** Addresses. */
  readonly to: readonly string[];
  readonly cc: readonly string[];
  readonly subject: string;
  readonly body: string;
  readonly bodyFormat: "PlainText" | "Markdown";
  readonly [member: string]: Json | undefined;
}

const subjectRule = { max: 300, required: true } as const;
const bodyRule = { max: 50_000, required: true } as const;
const bodyFormats = ["PlainText", "Markdown"];

/** The first problem of a Mail. */
export function mailProblem(mail: JsonObject): string | undefined {
  const { to, cc, bodyFormat } = mail;
  if (!isTexts(to) || to.length === 0) return "to must list at least one address";
  if (cc !== undefined && !isTexts(cc)) return "cc must list addresses";
  const problem = textProblem(mail, "subject", subjectRule) ?? textProblem(mail, "body", bodyRule);
  if (problem !== undefined || bodyFormat === undefined) return problem;
  return choiceProblem(mail, "bodyFormat", bodyFormats);
}

/** A Mail without problem, with what its author left out. */
export function completeMail(mail: JsonObject): Mail {
  const { cc = [], bodyFormat = "PlainText" } = mail;
  return Object.freeze(extended(mail, { cc, bodyFormat })) as Mail;
}

/** Why a Mail cannot go to these recipients: `to` and `cc` must be exactly they, each once (8.1 row 7). */
export function addressingProblem(
  { to, cc }: Pick<Mail, "to" | "cc">,
  recipients: readonly string[],
): string | undefined {
  const named = [...to, ...cc];
  const all = new Set(named);
  if (all.size !== named.length) return "to and cc must name each address once";
  if (all.size === recipients.length && recipients.every((address) => all.has(address))) return undefined;
  return "to and cc together must be exactly the recipients of the Message";
}

function isTexts(value: Json | undefined): value is readonly string[] {
  return isArray(value) && value.every((entry) => typeof entry === "string");
}
