// Scenes in which an identity is deleted: while its period of grace lasts, and when it is over.
import { befriend, meet, minuteMs, part, step, sync } from "./beginnings.ts";
import { leaving, staying, stepping } from "./commands.ts";
import type { Side } from "./party.ts";
import type { Command, Scene, Stage } from "./scene.ts";

const graceMs = 30 * minuteMs;

interface Deleting {
  readonly name: string;
  readonly about: string;
  /** What has happened before. */
  before(stage: Stage): Promise<void>;
  readonly A?: readonly Command[];
  readonly B?: readonly Command[];
}

const deleting = ({ name, about, before, A = [], B = [] }: Deleting): Scene => ({
  name,
  about: `an identity is deleted while ${about}`,
  moments: [0, 60 * minuteMs],
  hasDueTimers: true,
  async prepare(stage) {
    await before(stage);
    return { A: [leaving(graceMs), ...A], B: [leaving(graceMs), ...B] };
  },
});

const asked = (side: Side): Deleting => ({
  name: `deleting while ${side} asks to revive`,
  about: "one side has asked to revive the Relationship",
  async before(stage) {
    await part(stage);
    await step(stage, side, "requestReactivation");
    await sync(stage, side === "A" ? "B" : "A");
  },
  [side]: [stepping("revokeReactivation")],
  [side === "A" ? "B" : "A"]: [stepping("acceptReactivation")],
});

const left = (side: Side): Deleting => ({
  name: `deleting after ${side} has left`,
  about: "one side has left the Relationship",
  async before(stage) {
    await part(stage);
    await step(stage, side, "decompose");
  },
  [side === "A" ? "B" : "A"]: [stepping("decompose")],
});

/** An identity is deleted at every point of a Relationship. */
export const deletions: readonly Scene[] = [
  deleting({
    name: "deleting while Pending",
    about: "a Relationship is Pending",
    before: meet,
    A: [staying, stepping("accept")],
    B: [staying, stepping("revoke")],
  }),
  deleting({
    name: "deleting while Active",
    about: "a Relationship is Active",
    before: befriend,
    A: [stepping("terminate")],
  }),
  deleting({
    name: "deleting while Terminated",
    about: "a Relationship is Terminated, revived or left",
    before: part,
    A: [stepping("requestReactivation"), stepping("decompose")],
    B: [stepping("requestReactivation"), stepping("decompose")],
  }),
  ...[asked("A"), asked("B"), left("A"), left("B")].map(deleting),
];
