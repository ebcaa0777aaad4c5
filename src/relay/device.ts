/** What a device is made of, and how it is shown. */
import { type Outcome, refuse } from "../errors/refusal.ts";
import { newId } from "../model/ids.ts";
import type { Json } from "../model/json.ts";
import type { WireDevice } from "../wire/shapes.ts";
import type { Asked } from "./asked.ts";
import type { Desk } from "./desk.ts";
import type { DeviceDocument, LoginDocument } from "./documents.ts";
import { hashSecret } from "./secrets.ts";

/** The language codes of ISO 639-1. */
const languages: ReadonlySet<string> = new Set(
  (
    "aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo " +
    "es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka " +
    "kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng " +
    "nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su " +
    "sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu"
  ).split(" "),
);

/** The language in which a device wants to be written to; English when it does not say. */
export function languageIn(given: Json | undefined): Outcome<string> {
  if (given === undefined || given === null) return { ok: true, value: "en" };
  if (typeof given === "string" && languages.has(given)) return { ok: true, value: given };
  const code = "error.platform.validation.invalidDeviceCommunicationLanguage";
  return refuse(code, "The language must be one of the two-letter codes of ISO 639-1.");
}

/** What a new device begins with. Without `createdByDevice` it is the first one, which made itself. */
export interface NewDevice {
  readonly address: string;
  readonly password: string;
  readonly language: string;
  readonly createdByDevice?: string;
  readonly isBackupDevice?: boolean;
}

/** A new device with an id and a username of its own. */
export function newDevice({ now }: Asked, desk: Desk, given: NewDevice): DeviceDocument {
  const id = newId("DVC", desk.entropy);
  const { address, password, language, createdByDevice = id, isBackupDevice = false } = given;
  return {
    id,
    username: newId("USR", desk.entropy),
    address,
    createdAt: now,
    createdByDevice,
    communicationLanguage: language,
    isBackupDevice,
    password: hashSecret(desk, password),
  };
}

/** How a device is answered. */
export function wireDevice(device: DeviceDocument, login: LoginDocument | undefined): WireDevice {
  const { password: _, address: __, ...shown } = device;
  const lastLoginAt = login?.lastLoginAt ?? null;
  return { ...shown, lastLogin: lastLoginAt === null ? null : { time: lastLoginAt } };
}
