import { createWebhooks } from "rapport/plugins/publisher-webhooks";
import { publisherContract } from "../../kit/contracts/publisher.ts";
import { createReceiver, type Received } from "./receiver.ts";

publisherContract("publisher-webhooks", {
  place: async () => {
    let isFailing = false;
    let held = Promise.resolve();
    let release = () => {};
    const taken: Received[] = [];
    const receiver = await createReceiver(async (call) => {
      if (isFailing) return 503;
      await held;
      taken.push(call);
      return 204;
    });
    const webhooks = [{ triggers: ["**"], target: "one" }];
    return {
      publisher: createWebhooks({ targets: { one: { url: receiver.url } }, webhooks }),
      taken: () => taken.map(({ headers, json }) => ({ id: String(headers["webhook-id"]), data: json.data })),
      fail: () => {
        isFailing = true;
      },
      mend: () => {
        isFailing = false;
      },
      hold: () => {
        held = new Promise((resolve) => {
          release = resolve;
        });
      },
      release: () => release(),
      remove: () => receiver[Symbol.asyncDispose](),
    };
  },
});
