// Fields of lists that are not simply read by the value grammar (spec/connector-api.md 1.13).
import { protectionView, type TemplateSecret } from "../engine/present.ts";
import { passwordLocations } from "../engine/templates-view.ts";
import { allow, refuse } from "../errors/refusal.ts";
import type { Condition, Scalar } from "../model/condition.ts";
import type { JsonObject } from "../model/json.ts";
import { conditionsOf, type Field, type Fields } from "../model/query.ts";

/** Is one of the values, letter by letter: for secrets, which may begin with an operator or look like a number. */
export function exactly(path: string): Field {
  return { path, read: (values) => allow([{ anyOf: values.map(String) }]) };
}

/** Is this or later; an operator says what else is meant. */
export function notBefore(path: string): Field {
  return { path, read: (values) => allow(conditionsOf(values.map((value) => withOperator(">=", value)))) };
}

/** Is this or earlier; an operator says what else is meant. */
export function notAfter(path: string): Field {
  return { path, read: (values) => allow(conditionsOf(values.map((value) => withOperator("<=", value)))) };
}

/** A list of ids, where `+` asks for at least one of any kind. */
export function someOf(path: string): Field {
  const any: Condition = { above: "" };
  return {
    path,
    read: (values) => {
      const others = conditionsOf(values.filter((value) => value !== "+"));
      return allow(values.includes("+") ? [any, ...others] : others);
    },
  };
}

/** Can only be asked for being there: nothing, or `!`. */
export function presence(path: string): Field {
  return {
    path,
    read: (values) =>
      values.every((value) => value === "" || value === "!")
        ? allow(conditionsOf(values))
        : refuse(
            "error.runtime.validation.invalidPropertyValue",
            "query: passwordProtection can only be empty (protected) or ! (not protected); its members have values.",
          ),
  };
}

/** How templates and tokens are asked for by their protection. */
export const protectionFields: Fields = {
  passwordProtection: presence("isPasswordProtected"),
  "passwordProtection.password": exactly("passwordProtection.password"),
  "passwordProtection.passwordIsPin": "passwordProtection.passwordIsPin",
  "passwordProtection.passwordLocationIndicator": "passwordProtection.passwordLocationIndicator",
};

/** What these fields see of a secret. A place has a number and may have a name. */
export function protectionAsked(secret: TemplateSecret | undefined): JsonObject {
  const protection = secret === undefined ? undefined : protectionView(secret);
  if (protection === undefined) return {};
  const { passwordLocationIndicator: place } = protection;
  if (place === undefined) return { passwordProtection: protection };
  const number = typeof place === "string" ? passwordLocations.indexOf(place) : place;
  return { passwordProtection: { ...protection, passwordLocationIndicator: [place, number] } };
}

/** Every field under its name, and once more under `query.` and its name. */
export function alsoPrefixed(fields: Fields): Fields {
  return { ...fields, ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [`query.${name}`, field])) };
}

function withOperator(operator: string, value: Scalar): Scalar {
  return typeof value === "string" && value !== "" && !/^[!><^$~]/.test(value) ? `${operator}${value}` : value;
}
