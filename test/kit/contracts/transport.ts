import { type Answer, type Call, hasCode, type Session, type TransportPort } from "rapport/core";
import { expect } from "vitest";
import { type Law, type LawBook, registerLaws, type Waivers } from "./law.ts";

/** A transport to a fresh relay of ours, and what the laws need around it. */
export interface TransportSetting extends AsyncDisposable {
  readonly transport: TransportPort;
  /** A new identity with a datawallet at the relay. */
  newSession(): Promise<{ readonly session: Session; readonly address: string }>;
  /** From now on the relay gives no answer. */
  unplug(): Promise<void>;
}

const laws: readonly Law<TransportSetting>[] = [
  {
    law: "it names what addresses and references carry",
    check: async ({ transport, newSession }) => {
      const { address } = await newSession();

      expect(address.startsWith(`did:e:${transport.hostName}:dids:`)).toBe(true);
      expect(transport.baseUrl).toMatch(/^https?:\/\/[^|]*[^|/]$/);
    },
  },

  {
    law: "a success carries status, result and that the relay is ours",
    check: async ({ transport, newSession }) => {
      const { session } = await newSession();

      const answer = await transport.call(newTemplate("key-1"), session);

      expect(answer).toMatchObject({ ok: true, status: 201, rapport: true });
      expect(answer.ok && answer.result).toMatchObject({ id: expect.stringMatching(/^RLT/) });
    },
  },

  {
    law: "an answer without a body is an empty object",
    check: async ({ transport, newSession }) => {
      const { session } = await newSession();
      const id = idIn(await transport.call(newTemplate("key-1"), session));

      const answer = await transport.call({ operation: "deleteTemplate", params: { id } }, session);

      expect(answer).toMatchObject({ ok: true, status: 204, result: {} });
    },
  },

  {
    law: "calls without a session reach open operations",
    check: async ({ transport }) => {
      const answer = await transport.call({ operation: "getVersion" });

      expect(answer).toMatchObject({ ok: true, status: 200, result: { majorVersion: "7" } });
    },
  },

  {
    law: "business errors come back as values",
    check: async ({ transport, newSession }) => {
      const { session } = await newSession();

      const unknown = await transport.call(
        { operation: "getTemplate", params: { id: "RLTunknownunknown000" } },
        session,
      );
      const invalid = await transport.call({ operation: "createTemplate", body: "{}" }, session);

      expect(unknown).toMatchObject({ ok: false, status: 404, error: { code: "error.platform.recordNotFound" } });
      const code = "error.platform.validation.invalidPropertyValue";
      expect(invalid).toMatchObject({ ok: false, status: 400, error: { code } });
    },
  },

  {
    law: "wrong credentials, or none where some are needed, are 401 as a value",
    check: async ({ transport, newSession }) => {
      const { session } = await newSession();

      const wrong = await transport.call(newTemplate("key-1"), { ...session, password: "wrong" });
      const none = await transport.call(newTemplate("key-1"));
      const right = await transport.call(newTemplate("key-1"), session);

      expect(wrong).toMatchObject({ ok: false, status: 401, error: { code: "error.platform.unauthorized" } });
      expect(none).toMatchObject({ ok: false, status: 401 });
      expect(right).toMatchObject({ ok: true });
    },
  },

  {
    law: "the same call under the same key gives the same result",
    check: async ({ transport, newSession }) => {
      const { session } = await newSession();

      const [first, second] = await Promise.all([
        transport.call(newTemplate("key-1"), session),
        transport.call(newTemplate("key-1"), session),
      ]);
      const third = await transport.call(newTemplate("key-1"), session);
      const other = await transport.call(newTemplate("key-2"), session);

      expect(idIn(second)).toBe(idIn(first));
      expect(idIn(third)).toBe(idIn(first));
      expect(idIn(other)).not.toBe(idIn(first));
    },
  },

  {
    law: "queries and pages travel",
    check: async ({ transport, newSession }) => {
      const { session } = await newSession();
      const ids = [
        idIn(await transport.call(newTemplate("key-1"), session)),
        idIn(await transport.call(newTemplate("key-2"), session)),
      ];

      const page = await transport.call(
        { operation: "listTemplates", query: { ids, pageNumber: "2", PageSize: "1" } },
        session,
      );
      const all = await transport.call({ operation: "listTemplates", query: { ids } }, session);

      expect(page).toMatchObject({
        result: [{ id: ids[1] }],
        pagination: { pageNumber: 2, pageSize: 1, totalPages: 2, totalRecords: 2 },
      });
      expect(all).toMatchObject({ result: [{ id: ids[0] }, { id: ids[1] }] });
      expect(all).not.toHaveProperty("pagination");
    },
  },

  {
    law: "news wake the receiver until it stops listening",
    check: async ({ transport, newSession }) => {
      if (transport.onNews === undefined) return;
      const [owner, guest] = [await newSession(), await newSession()];
      const news = createBell();
      const stop = transport.onNews(owner.session, news.ring);
      const relationshipTemplateId = idIn(await transport.call(newTemplate("key-1"), owner.session));

      const heard = news.next();
      const body = JSON.stringify({ relationshipTemplateId });
      await transport.call({ operation: "createRelationship", body }, guest.session);
      await heard;

      stop();
      stop();
    },
  },

  {
    law: "no answer is the fault relay.unreachable",
    check: async ({ transport, newSession, unplug }) => {
      const { session } = await newSession();
      await unplug();

      const problem: unknown = await transport.call(newTemplate("key-1"), session).catch((error: unknown) => error);

      expect(hasCode(problem, "relay.unreachable")).toBe(true);
    },
  },
];

/** The laws of every transport. */
export const transportLaws: LawBook<() => Promise<TransportSetting>, TransportSetting> = {
  of: "a transport",
  laws,
  within: async (open, prove) => {
    await using setting = await open();
    await prove(setting, setting);
  },
};

/** Proves every law for the transport. `open` is called once per law. */
export function transportContract(name: string, open: () => Promise<TransportSetting>, options: Waivers = {}): void {
  registerLaws(name, { book: transportLaws, subject: open, ...options });
}

function newTemplate(idempotencyKey: string): Call {
  return { operation: "createTemplate", body: JSON.stringify({ content: "Y29udGVudA" }), idempotencyKey };
}

function idIn(answer: Answer): string {
  if (!answer.ok) throw new Error(`The relay refused: ${answer.error.code}`);
  const { result } = answer;
  if (typeof result === "object" && result !== null && "id" in result && typeof result.id === "string")
    return result.id;
  throw new Error("The result has no id.");
}

function createBell() {
  let waiting: (() => void)[] = [];
  return {
    ring: () => {
      for (const wake of waiting) wake();
      waiting = [];
    },
    next: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
}
