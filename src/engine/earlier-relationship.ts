import { endEarlier } from "./inbox-relationship.ts";
import type { IntentKind } from "./intents.ts";

/** A creation before whose end the Relationship that was there before is shown as ended. */
export function afterEarlier(creation: IntentKind): IntentKind {
  return Object.freeze<IntentKind>({
    ...creation,
    async applied(account, intent, result) {
      await endEarlier(account, intent.peer ?? "", String(result["id"]));
      return creation.applied(account, intent, result);
    },
  });
}
