// Reads the configuration: who is told of what, each target once.
import { createHash } from "node:crypto";
import { type Code, fault } from "rapport/core";
import type { WebhookAuthentication, WebhooksConfig, WebhookTarget } from "./config.ts";
import { signingSecretsMax } from "./limits.ts";
import { createSigner, type Signer } from "./signature.ts";

/** One target with all patterns that lead to it. `name` stays the same as long as the target does. */
export interface Subscription {
  readonly name: string;
  readonly target: WebhookTarget;
  readonly patterns: readonly string[];
  readonly signer: Signer | undefined;
}

const placeholder = "{{trigger}}";

/**
 * Checks a configuration. Faults: `error.runtime.modules.webhooks.invalidTargetReference`, `.invalidUrlFormat`,
 * `.invalidAuthenticationConfig`, `publisher.invalid`.
 */
export function readWebhooks({ targets = {}, webhooks }: WebhooksConfig): readonly Subscription[] {
  for (const [name, target] of Object.entries(targets)) checkTarget(target, `target "${name}"`);
  const found = new Map<string, { target: WebhookTarget; patterns: string[] }>();
  for (const [index, { triggers, target }] of webhooks.entries()) {
    const { name, checked } = typeof target === "string" ? named(target, targets) : inline(target, index);
    const known = found.get(name);
    if (known === undefined) found.set(name, { target: checked, patterns: [...triggers] });
    else known.patterns.push(...triggers);
  }
  return [...found].map(([name, { target, patterns }]) => ({
    name,
    target,
    patterns,
    signer: createSigner(target.signingSecrets ?? []),
  }));
}

/** The address to call for an event of that name. */
export function urlFor(target: WebhookTarget, trigger: string): string {
  return target.url.replaceAll(placeholder, encodeURIComponent(trigger));
}

function named(name: string, targets: NonNullable<WebhooksConfig["targets"]>) {
  const checked = Object.hasOwn(targets, name) ? targets[name] : undefined;
  if (checked === undefined)
    throw invalid("invalidTargetReference", `A webhook names the target "${name}", which is not among the targets.`);
  return { name, checked };
}

// Events that wait are kept under the name of their target: it must not change when a secret does, or another webhook.
function inline(checked: WebhookTarget, index: number) {
  checkTarget(checked, `target of webhook ${index + 1}`);
  const headers = Object.entries(checked.headers ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  const digest = createHash("sha256")
    .update(JSON.stringify([checked.url, headers]))
    .digest("hex");
  return { name: `inline-${digest.slice(0, 16)}`, checked };
}

function checkTarget(target: WebhookTarget, where: string): void {
  if (!isWebUrl(urlFor(target, "event")))
    throw invalid("invalidUrlFormat", `The url of the ${where} must be an http or https address.`);
  if (target.authentication !== undefined) checkAuthentication(target.authentication, where);
  for (const [name, value] of Object.entries(target.headers ?? {})) {
    if (!isHeaderName(name) || !isHeaderValue(value))
      throw fault("publisher.invalid", `The ${where} has a header "${name}" that cannot be sent.`);
  }
  if ((target.signingSecrets ?? []).length > signingSecretsMax)
    throw fault("publisher.invalid", `The ${where} has more than ${signingSecretsMax} signing secrets.`);
}

function checkAuthentication(given: WebhookAuthentication, where: string): void {
  const wrong = (what: string) => {
    throw invalid("invalidAuthenticationConfig", `The authentication of the ${where} ${what}.`);
  };
  if (given.type === "ApiKey") {
    if (!isHeaderName(given.headerName ?? "x-api-key")) wrong("has a headerName that is none");
    if (!isFilled(given.apiKey) || !isHeaderValue(given.apiKey)) wrong("needs an apiKey that fits a header");
  } else if (given.type === "OAuth2") {
    if (!isFilled(given.accessTokenUrl) || !isWebUrl(given.accessTokenUrl)) wrong("needs an accessTokenUrl");
    if (!isFilled(given.clientId)) wrong("needs a clientId");
    if (!isFilled(given.clientSecret)) wrong("needs a clientSecret");
  } else wrong("must be of the type ApiKey or OAuth2");
}

const isFilled = (value: unknown): boolean => typeof value === "string" && value !== "";

const isHeaderName = (name: string): boolean => /^[!#$%&'*+.^_`|~0-9a-z-]+$/i.test(name);

const isHeaderValue = (value: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(value);

function isWebUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol } = new URL(text);
  return protocol === "http:" || protocol === "https:";
}

function invalid(kind: "invalidTargetReference" | "invalidUrlFormat" | "invalidAuthenticationConfig", message: string) {
  const code: Code = `error.runtime.modules.webhooks.${kind}`;
  return fault(code, message);
}
