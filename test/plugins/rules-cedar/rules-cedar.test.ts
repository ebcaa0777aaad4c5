// Rules in Cedar: what its words mean to us, alone and in the engine.
import type { JsonObject, RelationshipFacts, RequestFacts } from "rapport/core";
import { createCedarRule, rulesCedar } from "rapport/plugins/rules-cedar";
import { describe, expect, test } from "vitest";
import { type CedarLike, loadCedar } from "../../../plugins/rules-cedar/driver.ts";
import { couple, loadRequest, only, yes } from "../../services/scenes.ts";

const peer = "did:e:relay.test:dids:1111111111111111111111";
const item = (type: string, more: JsonObject = {}): JsonObject => ({ "@type": type, mustBeAccepted: false, ...more });
const facts = (items: JsonObject[], more: JsonObject = {}): RequestFacts => ({
  self: "did:e:relay.test:dids:2222222222222222222222",
  now: "2030-01-01T00:00:00.000Z",
  relationships: [],
  request: { id: "REQ1", peer, createdAt: "2030-01-01T00:00:00.000Z", content: { title: "Hello", items, ...more } },
});
const say = (policies: string | Record<string, string>, about: RequestFacts) =>
  createCedarRule({ policies }).judgeRequest?.(about);

const readOnly = `@id("reads") permit(principal, action == Action::"decide", resource)
  when { resource["@type"] == "ReadAttributeRequestItem" };`;
const noForms = `@id("forms") @code("no.forms") @message("We fill in no forms.") forbid(principal, action, resource)
  when { resource["@type"] == "FormFieldRequestItem" };`;

describe("a Request", () => {
  const read = item("ReadAttributeRequestItem");
  const form = item("FormFieldRequestItem");

  test("is accepted where policies permit and rejected where they forbid, in groups too", () => {
    const group = { "@type": "RequestItemGroup", items: [form, read] };

    expect(say(readOnly + noForms, facts([read, group]))).toEqual({
      verdict: "accept",
      items: [
        { accept: true },
        { items: [{ accept: false, code: "no.forms", message: "We fill in no forms." }, { accept: true }] },
      ],
      entries: { "items[0]": "reads", "items[1].items[0]": "forms", "items[1].items[1]": "reads" },
    });
    expect(say(noForms, facts([form]))).toMatchObject({ verdict: "reject" });
  });

  test("is left to a person where no policy is about an item", () => {
    expect(say(readOnly + noForms, facts([read, item("ConsentRequestItem")]))).toMatchObject({
      verdict: "manual",
      reason: "No policy is about items[1].",
    });
  });

  test("is judged by who asks, by the facts, and by time", () => {
    const byPeer = `permit(principal == Peer::"${peer}", action, resource) when { context.request.content.title == "Hello" };`;
    const until = (day: string) =>
      `permit(principal, action, resource) when { context.time.now < datetime("${day}") };`;
    const isNew = "permit(principal, action, resource) unless { context.relationshipAlreadyExists };";

    expect(say(byPeer, facts([read]))).toMatchObject({ verdict: "accept", entries: { "items[0]": "#1" } });
    expect(say(byPeer, facts([read], { title: "Other" }))).toMatchObject({ verdict: "manual" });
    expect(say(until("2030-01-02"), facts([read]))).toMatchObject({ verdict: "accept" });
    expect(say(until("2029-01-02"), facts([read]))).toMatchObject({ verdict: "manual" });
    expect(say(isNew, facts([read]))).toMatchObject({ verdict: "accept" });
  });

  test("a forbid that cannot be evaluated lets nothing be permitted", () => {
    const odd = `@id("odd") forbid(principal, action, resource) when { resource.metadata.level > 3 };`;

    expect(say(`permit(principal, action, resource);${odd}`, facts([read]))).toMatchObject({
      verdict: "manual",
      reason: "odd could not be evaluated for items[0].",
    });
    expect(
      say(`permit(principal, action, resource);${odd}`, facts([item("X", { metadata: { level: 1 } })])),
    ).toMatchObject({
      verdict: "accept",
    });
  });

  test("what Cedar has no words for does not get in the way, and a peer cannot name entities", () => {
    const metadata = {
      a: null,
      b: 1.5,
      c: 1.123456,
      d: [1, null],
      __entity: { type: "Peer", id: "admin" },
      e: 2 ** 60,
    };
    const knows = `permit(principal, action, resource) when {
      resource.metadata.b == decimal("1.5") && resource.metadata.c == "1.123456" && !(resource.metadata has a) };`;

    expect(say(knows, facts([item("X", { metadata })]))).toMatchObject({ verdict: "accept" });
  });
});

test("policies keep their places, however many they are", () => {
  const policies = Array.from(
    { length: 12 },
    (_, at) => `permit(principal, action, resource) when { resource.at == ${at + 1} };`,
  );

  expect(say(policies.join("\n"), facts([item("X", { at: 12 }), item("X", { at: 2 })]))).toMatchObject({
    entries: { "items[0]": "#12", "items[1]": "#2" },
  });
});

describe("what cannot be read", () => {
  const broken: [string, string | Record<string, string>, RegExp][] = [
    ["half a policy", "permit(principal", /unexpected end of input/],
    ["half a policy with a name", { mine: "permit(" }, /mine/],
    ["a template", "permit(principal == ?principal, action, resource);", /template/],
    [
      "a name that is taken",
      `@id("a") permit(principal, action, resource); @id("a") forbid(principal, action, resource);`,
      /name a/,
    ],
  ];

  test.for(broken)("%s", ([, policies, message]) => {
    expect(() => createCedarRule({ policies })).toThrow(
      expect.objectContaining({ code: "rules.invalid", message: expect.stringMatching(message) }),
    );
  });

  test("a policy that does not fit the schema of its author", () => {
    const schema = `entity Peer, Item { mustBeAccepted: Bool }; action decide appliesTo { principal: Peer, resource: Item };`;
    const wrong = "permit(principal, action, resource) when { resource.mustBeAccepted == 5 };";
    const right = "permit(principal, action, resource) when { resource.mustBeAccepted };";

    expect(() =>
      createCedarRule({ policies: wrong, schema: schema.replace("Peer, Item", "Peer; entity Item") }),
    ).toThrow(expect.objectContaining({ code: "rules.invalid" }));
    expect(createCedarRule({ policies: right, schema: schema.replace("Peer, Item", "Peer; entity Item") }).name).toBe(
      "rules-cedar",
    );
  });
});

test("the trace says of every policy what it said alone, and whose word counted", () => {
  const rule = createCedarRule({ policies: `${readOnly}${noForms}@id("all") permit(principal, action, resource);` });
  const traced = rule.traceRequest?.(facts([item("FormFieldRequestItem")]), rule.source ?? {});

  expect(traced).toMatchObject([
    { entry: "reads", item: "items[0]", outcome: "not matched" },
    { entry: "forms", item: "items[0]", outcome: "decided", answer: "reject" },
    { entry: "all", item: "items[0]", outcome: "late", answer: "accept" },
  ]);
});

test("a trace gives Cedar three sets to keep, however many policies and items there are", () => {
  const cedar = loadCedar();
  const kept = new Set<string>();
  const preparsePolicySet: CedarLike["preparsePolicySet"] = (id, policies) => {
    kept.add(id);
    return cedar.preparsePolicySet(id, policies);
  };
  const policies = Array.from({ length: 30 }, (_, n) => `@id("p${n}") permit(principal, action, resource);`).join("");
  const rule = createCedarRule({ policies: policies + noForms, cedar: { ...cedar, preparsePolicySet } });

  const form = item("FormFieldRequestItem");
  const traced = rule.traceRequest?.(facts([form, form, form]), rule.source ?? {});

  expect(traced).toHaveLength(3 * 31);
  expect(traced?.filter(({ outcome }) => outcome === "late")).toHaveLength(3 * 30);
  expect(kept.size).toBeLessThanOrEqual(3);
});

test("a forbid that cannot be evaluated is named, also where nothing permits", () => {
  const verdict = say(
    `@id("odd") forbid(principal, action, resource) when { resource.nope == 1 };`,
    facts([item("X")]),
  );

  expect(verdict).toMatchObject({ verdict: "manual", reason: "odd could not be evaluated for items[0]." });
});

describe("in the engine", () => {
  const consents = `permit(principal, action == Action::"decide", resource is Item) when { resource["@type"] == "ConsentRequestItem" };`;

  test("a Request of a template is accepted, and the record names the policy", async () => {
    const two = await couple({ initiator: { plugins: [rulesCedar({ policies: `@id("consents") ${consents}` })] } });
    const { id } = await loadRequest(two.initiator.account, two.template);
    const { incoming } = two.initiator.account.requests;

    expect(await incoming.get(id)).toMatchObject({ status: "Completed", wasAutomaticallyDecided: true });
    expect(await incoming.decision(id)).toMatchObject({ tried: [{ entries: { "items[0]": "consents" } }] });
  });

  const known = (status: string) => `permit(principal, action == Action::"acceptRelationship", resource)
    when { resource.status == "${status}" && context.template.isOwn };`;

  test("a pending Relationship is accepted when a policy permits it, else left alone", async () => {
    const statusUnder = async (policies: string) => {
      const two = await couple({ templator: { plugins: [rulesCedar({ policies })] } });
      const request = await loadRequest(two.initiator.account, two.template);
      await two.initiator.account.requests.incoming.accept(request.id, yes);
      await two.templator.account.sync();
      return only(await two.templator.account.relationships.find()).status;
    };

    expect(await statusUnder(known("Pending"))).toBe("Active");
    expect(await statusUnder(known("Other"))).toBe("Pending");
  });

  test("a pending Relationship is rejected when a policy forbids it", () => {
    const rule = createCedarRule({ policies: "forbid(principal, action, resource);" });
    const about: RelationshipFacts = {
      self: "me",
      now: "2030-01-01T00:00:00.000Z",
      relationship: { id: "REL1", peer },
    };

    expect(rule.judgeRelationship?.(about)).toMatchObject({ verdict: "reject" });
    expect(rule.traceRelationship?.(about, rule.source ?? {})).toMatchObject([{ entry: "#1", outcome: "decided" }]);
  });
});
