// Rules that show no lines: the texts that stand in them are put where rules look, alone and in pairs.
import { isIsoDate } from "rapport/core";
import { relationshipStatuses } from "rapport/machines";
import { builtInTypes } from "./item-samples.ts";
import type { Wish } from "./property.ts";
import { identityTypes, relationshipTypes } from "./value-samples.ts";

/** Texts that are taken from rules, the first ones, and pairs of them. */
const wordsMax = 200;
const pairsMax = 1_000;
const wordCharactersMax = 100;

/** What a text with rules in it may look for. */
export function wordLines(text: string): readonly (readonly Wish[])[] {
  const words = new Set(literalsIn(text).slice(0, wordsMax));
  const kept = [...text.matchAll(/metadata\??\.(\w+)/g)].flatMap(([, name = ""]) => [
    `content.metadata.${name}`,
    `content.item.metadata.${name}`,
  ]);
  const places = [...anywhere, ...new Set(kept)];
  const groups = [...words].map((word) => wishesFor(word, places));
  const pairs = groups.flatMap((some, index) =>
    groups.slice(index + 1).flatMap((others) => some.flatMap((one) => others.map((other) => [one, other]))),
  );
  const apart = pairs.filter(([one, other]) => one?.path !== other?.path);
  // Spread over all of them, as the first ones are all about the first word.
  const step = Math.max(1, Math.ceil(apart.length / pairsMax));
  return [...groups.flat().map((wish) => [wish]), ...apart.filter((_pair, index) => index % step === 0)];
}

const anywhere = [
  "content.title",
  "content.description",
  "content.item.title",
  "content.item.description",
  "content.item.attribute.value.value",
  "*key",
  "*tags",
];

function wishesFor(word: string, places: readonly string[]): readonly Wish[] {
  const at = (path: string): readonly Wish[] => [{ path, hits: [word], misses: [`${word}?`] }];
  if (builtInTypes.includes(word)) return at("content.item.@type");
  if (identityTypes.includes(word) || relationshipTypes.includes(word)) return at("*valueType");
  if (word === "Message" || word === "RelationshipTemplate") return at("source.type");
  if (relationshipStatuses.some((status) => status === word)) return at("*status");
  if (word.startsWith("did:")) return at("peer");
  if (isIsoDate(word)) return ["createdAt", "content.expiresAt"].flatMap(at);
  if (word.startsWith("@") || /RequestItem|Query$|Attribute$/.test(word)) return [];
  return places.flatMap((path) => (path === "*tags" ? [{ path, hits: [[word]], misses: [["x:other"]] }] : at(path)));
}

function literalsIn(text: string): readonly string[] {
  return [...text.matchAll(/"((?:[^"\\\n]|\\.)*)"|'((?:[^'\\\n]|\\.)*)'|`([^`$\\]*)`/g)]
    .map(([, double, single, back]) => (double ?? single ?? back ?? "").replaceAll(/\\(.)/g, "$1"))
    .filter((word) => word.length > 0 && word.length <= wordCharactersMax);
}
