// One generation of the API: how objects look in it, and what it takes (spec/connector-api.md 5.2).
import type {
  FileView,
  LocalAttribute,
  MessageView,
  RelationshipView,
  RequestView,
  TemplateView,
  TokenView,
} from "rapport";
import type { JsonObject } from "rapport/core";

/** The profiles: `union` is the superset that clients 2.x to 6.x can read. */
export const profileNames = ["union", "gen1", "gen2", "gen3"] as const;

/** One of them. */
export type ProfileName = (typeof profileNames)[number];

/** One way in which an attribute was shared with a peer, which the second generation shows as an attribute of its own. */
export interface SharedCopy {
  readonly id: string;
  readonly peer: string;
  readonly sourceReference: string;
  readonly sharedAt: string;
  readonly deletionInfo?: { readonly deletionStatus: string; readonly deletionDate: string };
}

/** Where the generations take different input. */
export interface ProfileRules {
  /** Content without a type: wrapped in the Arbitrary… type, or refused. */
  readonly untypedContent: "wrapped" | "refused";
  /** Peer objects may be loaded by `id` and `secretKey`. */
  readonly loadsByKey: boolean;
  readonly emptyFiles: "allowed" | "refused";
  readonly metadataNotFound: "error.runtime.recordNotFound" | "error.runtime.identityMetadata.notFound";
  /** The answer of Sync; `either` asks the caller (spec/connector-api.md 5.2). */
  readonly sync: "result" | "none" | "either";
  /** Health is answered with 200 whatever it is. */
  readonly healthAlways200: boolean;
  /** What a QR code carries: a link around the truncated reference, or the URL reference. */
  readonly pictures: "link" | "url";
}

/** Settings that change what profiles write. */
export interface ProfileSettings {
  readonly legacyRealm: string;
}

/** How objects look in one generation. All functions are pure. */
export interface Profile {
  readonly name: ProfileName;
  readonly rules: ProfileRules;
  /** What looks here as the engine gives it: `request` and `message` change nothing. */
  readonly verbatim?: { readonly request?: true; readonly message?: true };
  template(view: TemplateView): JsonObject;
  token(view: TokenView): JsonObject;
  file(view: FileView): JsonObject;
  /** The template is embedded by all but gen3; undefined when it was deleted. */
  relationship(view: RelationshipView, template: TemplateView | undefined): JsonObject;
  message(view: MessageView): JsonObject;
  messageWithAttachments(view: MessageView, attachments: readonly FileView[]): JsonObject;
  request(view: RequestView): JsonObject;
  /** With a copy: the attribute as that copy (gen1, gen2, union); without: as it is kept. */
  attribute(view: LocalAttribute, copy?: SharedCopy): JsonObject;
}
