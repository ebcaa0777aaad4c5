// The scenes: together they take every row of the three charts.
import type { JsonObject } from "rapport/core";
import {
  deciding,
  deletingExpired,
  discardingDraft,
  drafting,
  greeting,
  leaving,
  loading,
  sendingDraft,
  staying,
  stepping,
} from "./commands.ts";
import type { Party } from "./party.ts";
import { type Scene, type Stage, startMs } from "./scene.ts";

const minuteMs = 60_000;
const at = (ms: number) => new Date(startMs + ms).toISOString();
const templatesEnd = at(90 * 24 * 60 * minuteMs);

const consent = { "@type": "ConsentRequestItem", consent: "We may remind you.", mustBeAccepted: true };
const given = {
  "@type": "CreateAttributeRequestItem",
  mustBeAccepted: true,
  attribute: { "@type": "IdentityAttribute", owner: "", value: { "@type": "GivenName", value: "Ann" } },
};
const asking = (items: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({ "@type": "Request", items, ...more });
const offering = (request: JsonObject): JsonObject => ({
  "@type": "RelationshipTemplateContent",
  onNewRelationship: request,
});
const silent: JsonObject = { "@type": "ArbitraryRelationshipTemplateContent", value: "hello" };

/** Published by one side. */
interface Published {
  readonly id: string;
  readonly reference: string;
}

async function publish(stage: Stage, side: "A" | "B", content: JsonObject): Promise<Published> {
  const made: Published[] = [];
  await stage.take(side, "publish", async (account) => {
    const { id, reference } = await account.templates.create({ content, expiresAt: templatesEnd });
    made.push({ id, reference: reference.truncated });
  });
  const [one] = made;
  if (one === undefined) throw new Error("No template was published.");
  return one;
}

const sync = (stage: Stage, side: "A" | "B") => stage.take(side, "sync", (account) => account.sync());

async function meet(stage: Stage): Promise<void> {
  const { id, reference } = await publish(stage, "A", silent);
  await stage.take("B", "create", async (account) => {
    await account.templates.load({ reference });
    await account.relationships.create({
      templateId: id,
      creationContent: { "@type": "ArbitraryRelationshipCreationContent", value: "hello" },
    });
  });
  await sync(stage, "A");
}

const step = (stage: Stage, side: "A" | "B", name: "accept" | "terminate" | "requestReactivation") =>
  stage.take(side, name, async (account) => {
    const [one] = await account.relationships.find();
    if (one !== undefined) await account.relationships[name](one.id);
  });

async function befriend(stage: Stage): Promise<void> {
  await meet(stage);
  await step(stage, "A", "accept");
  await sync(stage, "B");
}

async function part(stage: Stage): Promise<void> {
  await befriend(stage);
  await step(stage, "B", "terminate");
  await sync(stage, "A");
}

const address = ({ caller }: Party) => caller.address;

const handshake: Scene = {
  name: "handshake",
  about: "a template's Request is answered, the Relationship accepted, rejected or revoked; twice",
  overtakes: true,
  async prepare(stage) {
    const { reference } = await publish(stage, "A", offering(asking([consent, given])));
    const load = loading(reference, { most: 2 });
    return {
      A: [stepping("accept", { most: 1, mostDeep: 2 }), stepping("reject", { most: 1, mostDeep: 2 })],
      B: [
        load,
        deciding("accept", { most: 2 }),
        deciding("reject"),
        stepping("revoke", { most: 1, mostDeep: 2 }),
      ],
    };
  },
};

const both: Scene = {
  name: "both at once",
  about: "each creates a Relationship from the other's template at the same time",
  overtakes: true,
  async prepare(stage) {
    const [a, b] = [await publish(stage, "A", silent), await publish(stage, "B", silent)];
    await stage.take("A", "load", (account) => account.templates.load({ reference: b.reference }));
    await stage.take("B", "load", (account) => account.templates.load({ reference: a.reference }));
    const answers = [stepping("accept"), stepping("reject"), stepping("revoke")];
    return { A: [greeting(b.id, { most: 1, mostDeep: 2 }), ...answers], B: [greeting(a.id, { most: 1, mostDeep: 2 }), ...answers] };
  },
};

const ending: Scene = {
  name: "ending",
  about: "an Active Relationship is terminated, revived, and left by both",
  overtakes: true,
  async prepare(stage) {
    await befriend(stage);
    const steps = [
      stepping("terminate", { most: 1 }),
      stepping("requestReactivation", { most: 1 }),
      stepping("acceptReactivation", { most: 1 }),
      stepping("rejectReactivation", { most: 1 }),
      stepping("revokeReactivation", { most: 1 }),
      stepping("decompose", { most: 1 }),
    ];
    return { A: steps, B: steps };
  },
};

const asks: Scene = {
  name: "asking",
  about: "a Request is drafted, sent, discarded, answered, or too late",
  moments: [0, 60 * minuteMs],
  async prepare(stage) {
    await befriend(stage);
    const request = asking([consent, given], { expiresAt: at(30 * minuteMs) });
    return {
      A: [drafting(address(stage.parties.B), request), sendingDraft, discardingDraft],
      B: [deciding("accept"), deciding("reject"), deletingExpired],
    };
  },
};

const everyStep = (most: number) =>
  (
    [
      "accept",
      "reject",
      "revoke",
      "terminate",
      "requestReactivation",
      "acceptReactivation",
      "rejectReactivation",
      "revokeReactivation",
      "decompose",
    ] as const
  ).map((name) => stepping(name, { most }));

const reviving: Scene = {
  name: "reviving",
  about: "a Terminated Relationship is revived, or left and begun anew",
  overtakes: true,
  async prepare(stage) {
    await part(stage);
    const fresh = await publish(stage, "A", silent);
    await stage.take("B", "load", (account) => account.templates.load({ reference: fresh.reference }));
    const steps = everyStep(1);
    return { A: steps, B: [...steps, greeting(fresh.id)] };
  },
};

const graceMs = 30 * minuteMs;
const deletions: Pick<Scene, "moments" | "hasDueTimers"> = { moments: [0, 60 * minuteMs], hasDueTimers: true };

const deletingPending: Scene = {
  name: "deleting while Pending",
  about: "an identity is deleted while a Relationship is Pending or has just become Active",
  ...deletions,
  async prepare(stage) {
    await meet(stage);
    return {
      A: [leaving(graceMs), staying, stepping("accept")],
      B: [leaving(graceMs), staying, stepping("revoke")],
    };
  },
};

const deletingTerminated: Scene = {
  name: "deleting while Terminated",
  about: "an identity is deleted while a Relationship is Terminated, revived or left",
  ...deletions,
  async prepare(stage) {
    await part(stage);
    const steps = [stepping("requestReactivation"), stepping("decompose")];
    return { A: [leaving(graceMs), ...steps], B: [leaving(graceMs), ...steps] };
  },
};

/** A rule that says the same about every Request. */
const saying = (verdict: "accept" | "reject" | "manual" | "ignore"): Scene["equipment"] => ({
  B: {
    rules: [
      {
        name: `always ${verdict}`,
        judgeRequest: ({ request }) =>
          verdict === "accept" || verdict === "reject"
            ? { verdict, items: (request["items"] as readonly JsonObject[]).map(() => ({ accept: verdict === "accept" })) }
            : { verdict },
      },
    ],
  },
});

const ruled = (verdict: "accept" | "reject" | "manual" | "ignore"): Scene => ({
  name: `rules that ${verdict === "manual" ? "leave it to people" : verdict}`,
  about: "rules look at a template's Request that also expires",
  moments: [0, 60 * minuteMs],
  ...saying(verdict) === undefined ? {} : { equipment: saying(verdict) ?? {} },
  async prepare(stage) {
    const request = asking([consent, given], { expiresAt: at(30 * minuteMs) });
    const { reference } = await publish(stage, "A", offering(request));
    return {
      A: [stepping("accept"), stepping("reject")],
      B: [loading(reference, { most: 1, mostDeep: 2 }), deciding("accept"), deciding("reject"), stepping("revoke"), deletingExpired],
    };
  },
});

/** An item that nobody can judge. */
const waiting: Scene = {
  name: "waiting",
  about: "a Request waits for something that never comes, and expires",
  moments: [0, 60 * minuteMs],
  equipment: {
    A: { itemKinds: [{ type: "WaitingRequestItem", parse: () => undefined }] },
    B: { itemKinds: [{ type: "WaitingRequestItem", parse: () => undefined, checkPrerequisites: () => false }] },
  },
  async prepare(stage) {
    await befriend(stage);
    const request = asking([{ "@type": "WaitingRequestItem", mustBeAccepted: false }], { expiresAt: at(30 * minuteMs) });
    return { A: [drafting(address(stage.parties.B), request), sendingDraft], B: [deletingExpired] };
  },
};

/** The scenes in the order of their names' appearance in reports. */
export const scenes: readonly Scene[] = [
  handshake,
  both,
  ending,
  reviving,
  asks,
  waiting,
  ruled("accept"),
  ruled("reject"),
  ruled("manual"),
  ruled("ignore"),
  deletingPending,
  deletingTerminated,
];
