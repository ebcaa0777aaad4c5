// Requests and Messages through the published client.
import { expect } from "vitest";
import { type Journey, settle } from "./party.ts";

type Local = { id: string; status: string; content: { "@type": string; id?: string; items: unknown[] } };

const question = {
  items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we write to you?" }],
};

/** Four outgoing and six incoming methods; Alice and Bob have an active Relationship. */
export async function callRequests({ alice, bob, check }: Journey): Promise<void> {
  const out = alice.client.outgoingRequests;
  const inn = bob.client.incomingRequests;
  const possible = await check<{ isSuccess: boolean }>(
    out.canCreateRequest({ content: question, peer: bob.address } as never) as never,
    "ConnectorRequestValidationResult",
  );
  expect(possible.isSuccess).toBe(true);
  const ask = async () => {
    const draft = await check<Local>(
      out.createRequest({ content: question, peer: bob.address } as never) as never,
      "ConnectorRequest",
    );
    expect(draft.status).toBe("Draft");
    await check(
      alice.client.messages.sendMessage({ recipients: [bob.address], content: draft.content as never }) as never,
      "ConnectorMessage",
    );
    await settle(bob);
    const found = await check<Local[]>(inn.getRequests({ id: draft.id } as never) as never, "ConnectorRequests");
    expect(found.map(({ status }) => status)).toEqual(["ManualDecisionRequired"]);
    return draft.id;
  };

  const accepted = await ask();
  const yes = { items: [{ accept: true }] };
  expect(
    await check<{ isSuccess: boolean }>(
      inn.canAccept(accepted, yes as never) as never,
      "ConnectorRequestValidationResult",
    ),
  ).toMatchObject({ isSuccess: true });
  const decided = await check<Local>(inn.accept(accepted, yes as never) as never, "ConnectorRequest");
  expect(decided.status).toBe("Decided");
  await check(inn.getRequest(accepted) as never, "ConnectorRequest");

  const rejected = await ask();
  const no = { items: [{ accept: false, code: "example.no", message: "Not now" }] };
  expect(
    await check<{ isSuccess: boolean }>(
      inn.canReject(rejected, no as never) as never,
      "ConnectorRequestValidationResult",
    ),
  ).toMatchObject({ isSuccess: true });
  await check(inn.reject(rejected, no as never) as never, "ConnectorRequest");

  await settle(bob, alice);
  await check(out.getRequest(accepted) as never, "ConnectorRequest");
  const done = await check<Local[]>(
    out.getRequests({ status: "Completed", peer: bob.address } as never) as never,
    "ConnectorRequests",
  );
  expect(done.map(({ id }) => id)).toEqual([accepted, rejected]);
}

/** Five methods. */
export async function callMessages({ alice, bob, check }: Journey, fileId: string): Promise<void> {
  const sent = await check<{ id: string }>(
    alice.client.messages.sendMessage({
      recipients: [bob.address],
      content: { "@type": "Mail", to: [bob.address], cc: [], subject: "Hello", body: "with a file" } as never,
      attachments: [fileId],
    }) as never,
    "ConnectorMessage",
  );
  await settle(bob);
  const found = await check<{ id: string }[]>(
    bob.client.messages.getMessages({ participant: alice.address, contentSubject: "Hello" } as never) as never,
    "ConnectorMessages",
  );
  expect(found.map(({ id }) => id)).toEqual([sent.id]);
  const whole = await check<{ attachments: { id: string }[] }>(
    bob.client.messages.getMessage(sent.id) as never,
    "ConnectorMessageWithAttachments",
  );
  expect(whole.attachments.map(({ id }) => id)).toEqual([fileId]);
  await check(bob.client.messages.getAttachment(sent.id, fileId) as never, "ConnectorFile");
  const bytes = await check<ArrayBuffer>(bob.client.messages.downloadAttachment(sent.id, fileId) as never);
  expect(Buffer.from(bytes).toString()).toBe("some text for everybody");
}
