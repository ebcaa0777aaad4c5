// The stories of the seeds by raw HTTP, on the default profile: their routes, in their order, with their bodies.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type Actor, openStage, type Stage } from "./stage.ts";

const v2 = "/api/v2";
const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();
const request = {
  "@type": "Request",
  items: [{ "@type": "ConsentRequestItem", mustBeAccepted: true, consent: "May we write to you?" }],
};
const typed = {
  "@type": "RelationshipTemplateContent",
  title: "Terms",
  metadata: { campaign: 7 },
  onNewRelationship: request,
  onExistingRelationship: request,
};
const free = { anything: ["we", "like"] };

let stage: Stage;
let templator: Actor;
let requestor: Actor;

beforeEach(async () => {
  stage = await openStage();
  templator = await stage.actor("templator");
  requestor = await stage.actor("requestor");
});
afterEach(() => stage[Symbol.asyncDispose]());

// biome-ignore lint/suspicious/noExplicitAny: tests look wherever they like.
type Result = any;

async function ok(actor: Actor, method: string, path: string, body?: unknown, status = 200): Promise<Result> {
  const answer = await actor.call(method, `${v2}${path}`, body);
  expect([answer.status, answer.body?.error]).toEqual([status, undefined]);
  return answer.body.result;
}

const createTemplate = (content: unknown, more: object = {}): Promise<Result> =>
  ok(templator, "POST", "/RelationshipTemplates/Own", { ...more, expiresAt: tomorrow(), content }, 201);

const load = (reference: object): Promise<Result> =>
  ok(requestor, "POST", "/RelationshipTemplates/Peer", reference, 201);

const sync = (actor: Actor): Promise<Result> => ok(actor, "POST", "/Account/Sync");

/** The incoming Request of a template, accepted; gives the pending Relationship at the requestor. */
async function acceptTerms(templateId: string): Promise<Result> {
  const [local] = await ok(requestor, "GET", `/Requests/Incoming?source.reference=${templateId}`);
  const decided = await ok(requestor, "PUT", `/Requests/Incoming/${local.id}/Accept`, { items: [{ accept: true }] });
  expect(decided.status).toBe("Decided");
  await sync(requestor);
  const [relationship] = await ok(requestor, "GET", `/Relationships?template.id=${templateId}`);
  return relationship;
}

describe("seed 000", () => {
  test.each([
    ["free content, one allocation", free, { maxNumberOfAllocations: 1 }],
    ["RelationshipTemplateContent, no limit", typed, {}],
  ])("Create a RelationshipTemplate: %s", async (_what, content, more) => {
    const created = await createTemplate(content, more);

    expect(created).toMatchObject({ isOwn: true, ...more });
    expect(created.id).toMatch(/^RLT/);
    expect(created.truncatedReference).toMatch(/^UkxU/);
    expect(created.secretKey.length).toBeGreaterThanOrEqual(10);
    expect(Object.hasOwn(created, "maxNumberOfAllocations")).toBe(Object.hasOwn(more, "maxNumberOfAllocations"));
  });

  test("Onboarding of an App user", async () => {
    const { id } = await createTemplate(typed);
    const answer = await fetch(`${templator.url}${v2}/RelationshipTemplates/${id}`, {
      headers: { accept: "image/png" },
    });

    expect([answer.status, answer.headers.get("content-type")]).toEqual([200, "image/png"]);
    expect([...new Uint8Array(await answer.arrayBuffer())].slice(1, 4)).toEqual([...Buffer.from("PNG")]);
  });

  test("Onboarding of another Connector", async () => {
    const { id, secretKey, truncatedReference } = await createTemplate(typed, { maxNumberOfAllocations: 2 });

    for (const reference of [{ reference: truncatedReference }, { id, secretKey }]) {
      const loaded = await load(reference);
      expect(loaded).toMatchObject({ id, isOwn: false, secretKey, truncatedReference, maxNumberOfAllocations: 2 });
    }
    const requests = await ok(requestor, "GET", `/Requests/Incoming?source.reference=${id}`);
    expect(requests).toHaveLength(1);
  });
});

describe("seed 001", () => {
  test("RelationshipTemplate with RelationshipTemplateContent", async () => {
    const template = await load({ reference: (await createTemplate(typed)).truncatedReference });

    const requests = await ok(requestor, "GET", `/Requests/Incoming?source.reference=${template.id}`);
    expect(requests).toMatchObject([
      {
        isOwn: false,
        peer: template.createdBy,
        status: "ManualDecisionRequired",
        content: { items: request.items },
        source: { type: "RelationshipTemplate", reference: template.id },
      },
    ]);

    const pending = await acceptTerms(template.id);
    expect(pending).toMatchObject({
      template: { id: template.id },
      status: "Pending",
      peer: template.createdBy,
      peerIdentity: { address: template.createdBy, realm: expect.any(String), publicKey: expect.any(String) },
      changes: [
        {
          id: expect.stringMatching(/^RCH/),
          type: "Creation",
          status: "Pending",
          request: {
            createdBy: expect.any(String),
            createdByDevice: expect.any(String),
            createdAt: expect.any(String),
            content: { "@type": "RelationshipCreationChangeRequestContent", response: { result: "Accepted" } },
          },
        },
      ],
    });
  });

  test("RelationshipTemplate with RelationshipTemplateContent: rejected", async () => {
    const template = await load({ reference: (await createTemplate(typed)).truncatedReference });
    const [local] = await ok(requestor, "GET", `/Requests/Incoming?source.reference=${template.id}`);

    await ok(requestor, "PUT", `/Requests/Incoming/${local.id}/Reject`, { items: [{ accept: false }] });

    expect(await ok(requestor, "GET", `/Relationships?template.id=${template.id}`)).toEqual([]);
  });

  test.each([
    ["with content", { content: { number: 4711 } }, { number: 4711 }],
    ["without content", {}, {}],
  ])("RelationshipTemplate without RelationshipTemplateContent: %s", async (_what, body, content) => {
    const template = await load({ reference: (await createTemplate(free)).truncatedReference });

    const created = await ok(requestor, "POST", "/Relationships", { templateId: template.id, ...body }, 201);

    expect(created).toMatchObject({ status: "Pending", changes: [{ status: "Pending", request: { content } }] });
    expect(await ok(requestor, "GET", "/Requests/Incoming")).toEqual([]);
  });

  test.each([
    ["Accept", "Active", "Accepted"],
    ["Reject", "Rejected", "Rejected"],
  ])("Establish active Relationship: %s", async (step, status, changeStatus) => {
    const template = await load({ reference: (await createTemplate(typed)).truncatedReference });
    const pending = await acceptTerms(template.id);

    const { relationships } = await sync(templator);
    expect(relationships).toMatchObject([
      { id: pending.id, changes: [{ id: pending.changes[0].id, status: "Pending" }] },
    ]);
    const changed = await ok(
      templator,
      "PUT",
      `/Relationships/${pending.id}/Changes/${pending.changes[0].id}/${step}`,
      { content: {} },
    );
    expect(changed).toMatchObject({ status, changes: [{ status: changeStatus }] });

    const seen = await sync(requestor);
    expect(seen.relationships).toMatchObject([{ id: pending.id, status, changes: [{ status: changeStatus }] }]);
  });
});

describe("seed 002", () => {
  test("Create Relationship Template and Communicate Token Reference", async () => {
    const { id } = await createTemplate(typed);

    const token = await ok(templator, "POST", `/RelationshipTemplates/Own/${id}/Token`, undefined, 201);
    const picture = await fetch(`${templator.url}${v2}/RelationshipTemplates/Own/${id}/Token`, {
      method: "POST",
      headers: { accept: "image/png" },
    });
    const loaded = await load({ reference: token.truncatedReference });

    expect([picture.status, picture.headers.get("content-type")]).toEqual([201, "image/png"]);
    expect(token.truncatedReference).toMatch(/^VE9L/);
    expect(loaded).toMatchObject({ id, isOwn: false });
  });

  test.each([
    ["Accept", { customerId: "4711" }, "Accepted"],
    ["Reject", { reason: "score" }, "Rejected"],
  ])("Respond to Relationship Request: %s carries content to the requestor", async (step, content, status) => {
    const template = await load({ reference: (await createTemplate(free)).truncatedReference });
    const { id, changes } = await ok(
      requestor,
      "POST",
      "/Relationships",
      { templateId: template.id, content: {} },
      201,
    );
    await sync(templator);

    await ok(templator, "PUT", `/Relationships/${id}/Changes/${changes[0].id}/${step}`, { content });
    const { relationships } = await sync(requestor);

    expect(relationships).toMatchObject([{ id, changes: [{ id: changes[0].id, status, response: { content } }] }]);
  });

  test("Revoke outgoing change", async () => {
    const template = await load({ reference: (await createTemplate(free)).truncatedReference });
    const { id, changes } = await ok(
      requestor,
      "POST",
      "/Relationships",
      { templateId: template.id, content: {} },
      201,
    );

    const revoked = await ok(requestor, "PUT", `/Relationships/${id}/Changes/${changes[0].id}/Revoke`, { content: {} });
    const { relationships } = await sync(templator);

    expect(revoked).toMatchObject({ status: "Revoked", changes: [{ status: "Revoked" }] });
    expect(relationships).toMatchObject([{ id, status: "Revoked" }]);
  });
});

describe("seed 003", () => {
  test("Initiate It as a Connector: RelationshipTemplate With ArbitraryRelationshipTemplateContent", async () => {
    const content = { "@type": "ArbitraryRelationshipTemplateContent", value: free };
    const created = await createTemplate(content, { maxNumberOfAllocations: 1 });
    const template = await load({ id: created.id, secretKey: created.secretKey });
    const creationContent = { "@type": "ArbitraryRelationshipCreationContent", value: { number: 4711 } };

    const relationship = await ok(
      requestor,
      "POST",
      "/Relationships",
      { templateId: template.id, creationContent },
      201,
    );

    expect(template.content).toEqual(content);
    expect(relationship).toMatchObject({ status: "Pending", creationContent });
  });

  test("Undo the Initiation of a Relationship", async () => {
    const template = await load({ reference: (await createTemplate(typed)).truncatedReference });
    const first = await acceptTerms(template.id);

    const revoked = await ok(requestor, "PUT", `/Relationships/${first.id}/Revoke`);
    const again = await load({ reference: (await createTemplate(typed)).truncatedReference });
    const second = await acceptTerms(again.id);

    expect(revoked.status).toBe("Revoked");
    expect(second.id).not.toBe(first.id);
    expect(await ok(requestor, "GET", "/Relationships?status=Revoked")).toMatchObject([{ id: first.id }]);
    expect(await ok(requestor, "GET", "/Relationships?status=Pending")).toMatchObject([{ id: second.id }]);
  });

  test.each([
    ["Accept", "Active"],
    ["Reject", "Rejected"],
  ])("Establish an Active Relationship: %s", async (step, status) => {
    const template = await load({ reference: (await createTemplate(typed)).truncatedReference });
    await acceptTerms(template.id);

    const { relationships } = await sync(templator);
    expect(relationships).toMatchObject([
      {
        status: "Pending",
        creationContent: { "@type": "RelationshipCreationContent", response: { result: "Accepted" } },
      },
    ]);
    const [{ id }] = relationships;
    expect(await ok(templator, "PUT", `/Relationships/${id}/${step}`)).toMatchObject({ id, status });

    expect((await sync(requestor)).relationships).toMatchObject([{ id, status }]);
    expect(await ok(requestor, "GET", `/Relationships?status=${status}`)).toMatchObject([{ id }]);
  });
});
