import type { Json } from "./json.ts";
import {
  country,
  type FieldRule,
  type Fields,
  fileReference,
  flag,
  hexColor,
  integer,
  json,
  language,
  line,
  mail,
  number,
  optional,
  phone,
  text,
  url,
  valueProblem,
} from "./value-fields.ts";
import { valueHintsProblem } from "./value-hints.ts";
import { linkProblem } from "./web-address.ts";

const hints: FieldRule = (value, member) => valueHintsProblem(value[member], member);
const titled: Fields = { title: line, description: optional(text(1000)) };

const proprietary = (value: FieldRule): Fields => ({ ...titled, value, valueHintsOverride: optional(hints) });

const fieldsByType: { readonly [type: string]: Fields } = {
  Consent: { consent: text(10_000), link: linkProblem },
  ProprietaryBoolean: proprietary(flag),
  ProprietaryCountry: proprietary(country),
  ProprietaryEMailAddress: proprietary(mail),
  ProprietaryFileReference: proprietary(fileReference),
  ProprietaryFloat: proprietary(number),
  ProprietaryHEXColor: proprietary(hexColor),
  ProprietaryInteger: proprietary(integer()),
  ProprietaryJSON: { ...titled, value: json(4096) },
  ProprietaryLanguage: proprietary(language),
  ProprietaryPhoneNumber: proprietary(phone),
  ProprietaryString: proprietary(line),
  ProprietaryURL: proprietary(url),
  ProprietaryXML: { ...proprietary(text(50_000)), schemaURL: optional(text(1024, 3)) },
};

/** The value types of RelationshipAttributes (spec/domain.md 6.4). */
export const relationshipValueTypes: readonly string[] = Object.freeze(Object.keys(fieldsByType));

/** The first problem of the value of a RelationshipAttribute, starting with `at`. */
export function relationshipValueProblem(value: Json | undefined, at = "value"): string | undefined {
  return valueProblem(fieldsByType, value, at);
}
