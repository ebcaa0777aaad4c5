// The scenes: together they take every row of the three charts.
import { acceptAll, type JsonObject, type RulePort, rejectAll } from "rapport/core";
import { at, befriend, minuteMs, part, publish, silent, sync } from "./beginnings.ts";
import {
  deciding,
  deletingExpired,
  deliveringAgain,
  discardingDraft,
  drafting,
  greeting,
  loading,
  sendingDraft,
  stepping,
} from "./commands.ts";
import { deletions } from "./deletion-scenes.ts";
import type { Party } from "./party.ts";
import type { Scene } from "./scene.ts";

const consent = { "@type": "ConsentRequestItem", consent: "We may remind you.", mustBeAccepted: true };
const given = {
  "@type": "CreateAttributeRequestItem",
  mustBeAccepted: true,
  attribute: { "@type": "IdentityAttribute", owner: "", value: { "@type": "GivenName", value: "Ann" } },
};
const asking = (items: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  "@type": "Request",
  items,
  ...more,
});
const offering = (request: JsonObject): JsonObject => ({
  "@type": "RelationshipTemplateContent",
  onNewRelationship: request,
});

const address = ({ caller }: Party) => caller.address;

const handshake: Scene = {
  name: "handshake",
  about: "a template's Request is answered, the Relationship accepted, rejected or revoked; twice",
  overtakes: true,
  statesMaxDeep: 1_200_000,
  async prepare(stage) {
    const { reference } = await publish(stage, "A", offering(asking([consent, given])));
    const load = loading(reference, { most: 2 });
    return {
      A: [stepping("accept"), stepping("reject")],
      B: [load, deciding("accept", { most: 2 }), deciding("reject"), stepping("revoke")],
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
    return {
      A: [greeting(b.id), ...answers],
      B: [greeting(a.id), ...answers],
    };
  },
};

const ending: Scene = {
  name: "ending",
  about: "an Active Relationship is terminated, revived, and left by both",
  overtakes: true,
  async prepare(stage) {
    await befriend(stage);
    const steps = [
      stepping("terminate"),
      stepping("requestReactivation"),
      stepping("acceptReactivation"),
      stepping("rejectReactivation"),
      stepping("revokeReactivation"),
      stepping("decompose"),
    ];
    return { A: steps, B: steps };
  },
};

const asks: Scene = {
  name: "asking",
  about: "a Request is drafted, sent, discarded, answered, or too late",
  statesMaxDeep: 200_000,
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

const answering: Scene = {
  name: "answering",
  about: "a Request has arrived by Message, and is answered in time or too late",
  moments: [0, 60 * minuteMs],
  overtakes: true,
  async prepare(stage) {
    await befriend(stage);
    const content = asking([consent, given], { expiresAt: at(30 * minuteMs) });
    const peer = address(stage.parties.B);
    await stage.take("A", "ask", async (account) => {
      const draft = await account.requests.outgoing.create({ content, peer });
      await account.messages.send({ recipients: [peer], content: draft.content });
    });
    await sync(stage, "B");
    return {
      A: [stepping("terminate")],
      B: [deciding("accept"), deciding("reject"), deliveringAgain, stepping("terminate"), deletingExpired],
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

type Verdict = "accept" | "reject" | "manual" | "ignore";

/** A rule that says the same about every Request. */
const saying = (verdict: Verdict): RulePort => ({
  name: `always ${verdict}`,
  judgeRequest({ request }) {
    if (verdict === "accept") return acceptAll(request);
    return verdict === "reject" ? rejectAll(request) : { verdict };
  },
});

const ruled = (verdict: Verdict): Scene => ({
  name: `rules that ${verdict === "manual" ? "leave it to people" : verdict}`,
  about: "rules look at a template's Request that also expires",
  moments: [0, 60 * minuteMs],
  equipment: { B: { rules: [saying(verdict)] } },
  async prepare(stage) {
    const request = asking([consent, given], { expiresAt: at(30 * minuteMs) });
    const { reference } = await publish(stage, "A", offering(request));
    return {
      A: [stepping("accept"), stepping("reject")],
      B: [loading(reference), deciding("accept"), deciding("reject"), stepping("revoke"), deletingExpired],
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
    const request = asking([{ "@type": "WaitingRequestItem", mustBeAccepted: false }], {
      expiresAt: at(30 * minuteMs),
    });
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
  answering,
  waiting,
  ruled("accept"),
  ruled("reject"),
  ruled("manual"),
  ruled("ignore"),
  ...deletions,
];
