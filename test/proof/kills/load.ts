// Everybody at once: every two identities, and each of them alone, for as long as the house is under load.
import { setTimeout as pause } from "node:timers/promises";
import { type Draw, drawsFrom } from "../../apps/relay/proof.ts";
import { type Couple, liveTogether, reunite, uploadFrom } from "./couples.ts";
import type { History } from "./history.ts";
import type { House } from "./house.ts";
import { clientOf, type PartyClient } from "./party-client.ts";

/** A load that goes on until it is told to stop. */
export interface Load {
  /** Resolves when the last call has been answered or given up. */
  stop(): Promise<void>;
}

/** Between two things that one client does: what people do is not done back to back, and two cores have other work. */
const restMaxMs = 40;

/** Each identity makes one attribute of its own, by which its webhooks are told from those of others. */
export async function introduce({ parties }: House, history: History, seed: number): Promise<void> {
  const ground = { history, draw: drawsFrom(seed), isOver: () => false, nowMs: () => performance.now() };
  await Promise.all(parties.map((one) => remember(clientOf(one, ground), `${one.name}-${seed}`)));
}

/** Everybody who has parted comes together again, so that nothing is held back; given up when it takes too long. */
export async function reuniteAll({ parties }: House, history: History, seconds: number): Promise<void> {
  const began = performance.now();
  const isOver = () => performance.now() - began > seconds * 1000;
  const ground = { history, draw: (below: number) => below - 1, isOver, nowMs: () => performance.now() };
  for (const [at, one] of parties.entries()) {
    for (const other of parties.slice(at + 1)) await reunite(clientOf(one, ground), clientOf(other, ground));
  }
}

/** Starts it. What is done is drawn from the seed; when, nobody can say. */
export function startLoad({ parties }: House, history: History, seed: number): Load {
  let isOver = false;
  let marks = 0;
  const lives: Promise<void>[] = [];
  const live = (draw: Draw, once: () => Promise<void>) => {
    const go = async () => {
      while (!isOver) {
        await once();
        if (!isOver) await pause(draw(restMaxMs));
      }
    };
    lives.push(go());
  };
  const groundOf = (draw: Draw) => ({ history, draw, isOver: () => isOver, nowMs: () => performance.now() });
  const mark = () => `mark-${seed}-${marks++}`;
  for (const [at, first] of parties.entries()) {
    for (const second of parties.slice(at + 1)) {
      const draw = drawsFrom(seed + 1 + lives.length);
      const ground = groundOf(draw);
      const couple: Couple = {
        one: clientOf(first, ground),
        other: clientOf(second, ground),
        ...{ draw, mark, isOver: ground.isOver },
      };
      live(draw, () => liveTogether(couple));
    }
    const draw = drawsFrom(seed + 1 + lives.length);
    const client = clientOf(first, groundOf(draw));
    live(draw, () => liveAlone(client, { draw, mark }));
  }
  return {
    stop: async () => {
      isOver = true;
      await Promise.all(lives);
    },
  };
}

async function liveAlone(at: PartyClient, own: Pick<Couple, "draw" | "mark">): Promise<void> {
  switch (own.draw(8)) {
    case 0:
      return void (await uploadFrom(at, own));
    case 1:
      return publish(at, own.mark());
    case 2:
      return look(at, "messages", "/Messages");
    case 3:
      return look(at, "own files", "/Files/Own");
    case 4:
      return look(at, "attributes", "/Attributes");
    case 5:
      return void (await at.look({ deed: { kind: "sync" }, call: "POST /Account/Sync" }));
    default:
      return remember(at, own.mark());
  }
}

async function look(at: PartyClient, what: string, path: string): Promise<void> {
  await at.look({ deed: { kind: "look", at: what }, call: `GET ${path}` });
}

async function publish(at: PartyClient, mark: string): Promise<void> {
  await at.write({
    deed: { kind: "template", mark },
    call: "POST /RelationshipTemplates/Own",
    body: {
      content: { "@type": "ArbitraryRelationshipTemplateContent", value: { mark } },
      expiresAt: "2100-01-01T00:00:00.000Z",
    },
  });
}

async function remember(at: PartyClient, mark: string): Promise<void> {
  await at.write({
    deed: { kind: "attribute", mark },
    call: "POST /Attributes",
    body: { content: { value: { "@type": "GivenName", value: mark } } },
  });
}
