// What an operator can ask a running relay: the table behind `/admin` and `rapport relay admin`.
import type { RelayAdmin } from "rapport/relay";

type Body<F extends (input: never) => unknown> = Parameters<F>[0];

/** The argument of a command, and the JSON that came along. */
export interface AdminAsked<B> {
  readonly id: string;
  readonly body: B;
}

/** One row. `{id}` in the path is the argument of the command. */
export interface AdminOperation {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly path: string;
  /** What the command does, for its help. */
  readonly says: string;
  /** The argument's and the body's names in the help; absent when there is none. */
  readonly id?: string;
  readonly body?: string;
  /** Carries it out; the relay checks what the body says. False means that there is no such thing. */
  run(admin: RelayAdmin, asked: AdminAsked<unknown>): Promise<unknown>;
}

type Announcements = RelayAdmin["announcements"];
type References = RelayAdmin["publicTemplateReferences"];

/** The operations by the words of their command. */
export const adminOperations: Readonly<Record<string, AdminOperation>> = Object.freeze({
  "clients list": {
    method: "GET",
    path: "/admin/clients",
    says: "the clients that may create identities",
    run: (admin) => admin.clients.list(),
  },
  "clients put": {
    method: "PUT",
    path: "/admin/clients/{id}",
    says: "adds a client, or gives it a new secret or limit",
    id: "CLIENT",
    body: '{"secret": ..., "maxIdentities"?: ...}',
    run(admin, { id, body }: AdminAsked<Body<RelayAdmin["clients"]["put"]>>) {
      return admin.clients.put({ ...body, id });
    },
  },
  "clients delete": {
    method: "DELETE",
    path: "/admin/clients/{id}",
    says: "removes a client; its identities stay",
    id: "CLIENT",
    run: (admin, { id }) => admin.clients.delete(id),
  },
  "announcements list": {
    method: "GET",
    path: "/admin/announcements",
    says: "all announcements",
    run: (admin) => admin.announcements.list(),
  },
  "announcements create": {
    method: "POST",
    path: "/admin/announcements",
    says: "announces something to everybody, or to the recipients",
    body: '{"severity": "Low"|"Medium"|"High", "texts": {"en": {"title": ..., "body": ...}}, "expiresAt"?: ...}',
    run: (admin, { body }: AdminAsked<Body<Announcements["create"]>>) => admin.announcements.create(body),
  },
  "announcements delete": {
    method: "DELETE",
    path: "/admin/announcements/{id}",
    says: "takes an announcement back",
    id: "ANNOUNCEMENT",
    run: (admin, { id }) => admin.announcements.delete(id),
  },
  "tags get": { method: "GET", path: "/admin/tags", says: "the collection of tags", run: (admin) => admin.tags.get() },
  "tags set": {
    method: "PUT",
    path: "/admin/tags",
    says: "replaces the collection of tags",
    body: '{"supportedLanguages": ["en"], "tagsForAttributeValueTypes": {...}}',
    run: (admin, { body }: AdminAsked<Body<RelayAdmin["tags"]["set"]>>) => admin.tags.set(body),
  },
  "notification-codes get": {
    method: "GET",
    path: "/admin/notification-codes",
    says: "the codes that notifications may have",
    run: (admin) => admin.notificationCodes.get(),
  },
  "notification-codes set": {
    method: "PUT",
    path: "/admin/notification-codes",
    says: "replaces them",
    body: '["code", ...]',
    run: (admin, { body }: AdminAsked<Body<RelayAdmin["notificationCodes"]["set"]>>) =>
      admin.notificationCodes.set(body),
  },
  "public-references get": {
    method: "GET",
    path: "/admin/public-references/{id}",
    says: "the public template references of a client",
    id: "CLIENT",
    run: (admin, { id }) => admin.publicTemplateReferences.get(id),
  },
  "public-references set": {
    method: "PUT",
    path: "/admin/public-references/{id}",
    says: "replaces them",
    id: "CLIENT",
    body: '[{"title": ..., "description": ..., "truncatedReference": ...}, ...]',
    run: (admin, { id, body }: AdminAsked<Parameters<References["set"]>[1]>) =>
      admin.publicTemplateReferences.set(id, body),
  },
  "timers run": {
    method: "POST",
    path: "/admin/timers",
    says: "erases now what is due, and says how much that was",
    run: (admin) => admin.runDueTimers(),
  },
  "identities erase": {
    method: "DELETE",
    path: "/admin/identities/{id}",
    says: "erases an identity at once, for good",
    id: "ADDRESS",
    run: (admin, { id }) => admin.eraseIdentity(id),
  },
} satisfies Record<string, AdminOperation>);
