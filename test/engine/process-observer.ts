import { acceptAll, type Plugin, Publisher, Rule } from "rapport/core";

/** Accepts every Request, and says what was judged and what was delivered, one line each. */
export function observer(say: (line: string) => void): Plugin {
  return {
    name: "observer",
    register: ({ contribute }) => {
      contribute(Publisher, () => ({
        name: "observer",
        publish: async ({ id, name, data }) => {
          const { id: about, status } = (data["request"] ?? data) as { readonly id?: string; readonly status?: string };
          say(`delivered ${id} ${name} ${about} ${status}`);
        },
      }));
      contribute(Rule, () => ({
        name: "observer",
        judgeRequest: ({ request }) => {
          say(`judged ${request["id"]}`);
          return acceptAll(request);
        },
      }));
    },
  };
}
