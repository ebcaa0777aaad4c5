// People for cases that are many: what a case arranges is asked of the relay in this process, what it judges goes over HTTP.
import type { Relay } from "rapport/relay";
import { asking } from "../../relay/parties.ts";
import {
  addDevice,
  type HttpParties,
  type HttpParty,
  type Known,
  newcomer,
  partiesAt,
  syncOnce,
  upgrade,
} from "./http-parties.ts";

/** As many newcomers at once share the commits of a store. */
const newcomersAtOnce = 16;

/** People of this relay, which listens at this URL. Only `call` goes over HTTP; the first one logs in. */
export function partiesOf(relay: Relay, url: string): HttpParties {
  const over = partiesAt(url);
  const inside = asking(relay, undefined);
  const partyOf = (known: Known): HttpParty => {
    const { caller, password, keys } = known;
    let login: Promise<HttpParty> | undefined;
    const asked = {
      ...asking(relay, caller),
      call: async (...ask: Parameters<HttpParty["call"]>) => {
        login ??= over.logIn(known);
        return (await login).call(...ask);
      },
    };
    return {
      ...asked,
      caller,
      address: caller.address,
      password,
      keys,
      sync: () => syncOnce(asked),
      device: async () => partyOf(await addDevice(asked, known)),
    };
  };
  const waiting: HttpParty[] = [];
  const arrive = async () => {
    const party = partyOf(await newcomer(inside));
    await upgrade(party, 1);
    waiting.push(party);
  };
  return {
    anonymous: { ...inside, call: over.anonymous.call },
    logIn: async (known) => partyOf(known),
    party: async () => {
      while (waiting.length === 0) await Promise.all(Array.from({ length: newcomersAtOnce }, arrive));
      return waiting.pop() as HttpParty;
    },
  };
}
