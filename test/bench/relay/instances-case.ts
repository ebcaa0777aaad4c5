import { medianOf } from "../median.ts";
import { fire, publisherAt, type Shot } from "./load.ts";
import { type Child, newPlace, startChild } from "./processes.ts";

const instances = 4;
const roundMs = 2_000;

/** As many as keep four processes busy; the one alone has all of them, too. */
const clients = 256;

/** What four relays on one PostgreSQL do together, against what one does alone. All share the cores with the database. */
export async function instancesCase({ rounds }: { readonly rounds: number }) {
  const [alone, shared] = [await newPlace("postgres"), await newPlace("postgres")];
  const one = await startChild({ mode: "relay", place: alone.place });
  const four: Child[] = [];
  try {
    for (let at = 0; at < instances; at += 1) four.push(await startChild({ mode: "relay", place: shared.place }));
    const urls = four.map(({ url }) => url);
    const toOne = await shotsAt(one.url);
    const toFour = await shotsAt(urls[0] ?? "");
    const figures: { one: number[]; four: number[] } = { one: [], four: [] };
    for (let round = -1; round < rounds; round += 1) {
      const byOne = await fire([one.url], toOne, roundMs, clients);
      const byFour = await fire(urls, toFour, roundMs, clients);
      if (round < 0) continue;
      figures.one.push(byOne);
      figures.four.push(byFour);
    }
    const [single, together] = [medianOf(figures.one), medianOf(figures.four)];
    return { one: single, four: together, ratio: together / single };
  } finally {
    await Promise.all([one, ...four].map((child) => child.end()));
    await Promise.all([alone.remove(), shared.remove()]);
  }
}

/** Templates of sixteen identities, whose tokens every instance takes. */
async function shotsAt(url: string): Promise<() => Shot> {
  const shots: Shot[] = [];
  for (let at = 0; at < 16; at += 1) shots.push((await publisherAt(url)).shot);
  let count = 0;
  return () => {
    count += 1;
    const shot = shots[count % shots.length];
    if (shot === undefined) throw new Error("There are no shots.");
    return shot;
  };
}
