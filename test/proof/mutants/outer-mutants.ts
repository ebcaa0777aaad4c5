// Slips in the protocol's formats, the stores, the rules, the webhooks and the items.
import type { Mutant } from "./mutant.ts";
import { histories, laws } from "./proofs.ts";

/** Planted bugs of `src/sealed`, `src/ports`, `src/items` and `plugins/`. */
export const outerMutants: readonly Mutant[] = [
  {
    name: "sender-not-checked",
    sentence: "A creation may carry the identity of somebody else than the one who sent it.",
    file: "src/sealed/template.ts",
    find: `  if (address !== expected || !isAddressOfBytes(`,
    replace: `  if (!isAddressOfBytes(`,
    killers: [laws("test/sealed/handshake.test.ts")],
  },
  {
    name: "creation-for-another-template",
    sentence: "A creation that was made for one template opens with another one of the same key.",
    file: "src/sealed/creation.ts",
    find: `  if (templateId !== expected.templateId) {`,
    replace: `  if (typeof templateId !== "string") {`,
    killers: [laws("test/sealed/handshake.test.ts")],
  },
  {
    name: "signature-not-checked",
    sentence: "A Message is taken whoever signed it.",
    file: "src/sealed/message.ts",
    find: `  if (!crypto.signing.verify(utf8(wrapperText), signature.value, by.key)) {`,
    replace: `  if (signature.value.length === 0) {`,
    killers: [laws("test/sealed/message.test.ts")],
  },
  {
    name: "recipient-not-checked",
    sentence: "A Message that was written for others is taken.",
    file: "src/sealed/message.ts",
    find: `  if (!recipients.includes(self)) {`,
    replace: `  if (recipients.length === 0) {`,
    killers: [laws("test/sealed/message.test.ts")],
  },
  {
    name: "nonce-constant",
    sentence: "Every Message of a channel is sealed with the same nonce.",
    file: "src/sealed/cipher.ts",
    find: `view.getUint32(nonceBytes - 4, true) + counter, true);`,
    replace: `view.getUint32(nonceBytes - 4, true) + Math.min(counter, 1), true);`,
    killers: [histories],
  },
  {
    name: "directions-share-a-key",
    sentence: "Both directions of a Relationship use one key.",
    file: "src/sealed/channels.ts",
    find: `["RELREQ01", "RELTEM01"] : ["RELTEM01", "RELREQ01"]`,
    replace: `["RELREQ01", "RELREQ01"] : ["RELREQ01", "RELREQ01"]`,
    killers: [laws("test/sealed/handshake.test.ts")],
  },
  {
    name: "address-not-checked",
    sentence: "An identity's key need not be the one that its address is made of.",
    file: "src/sealed/template.ts",
    find: `  if (address !== expected || !isAddressOfBytes(crypto, address, key.value)) {`,
    replace: `  if (address !== expected) {`,
    killers: [laws("test/sealed/handshake.test.ts")],
  },
  {
    name: "checks-not-judged",
    sentence: "A batch wins although a document that it only checks has changed.",
    file: "src/ports/store-judge.ts",
    find: `  for (const list of [batch.checks, batch.puts, batch.deletes]) {`,
    replace: `  for (const list of [batch.puts, batch.deletes]) {`,
    killers: [laws("test/plugins/storage-memory/contract.test.ts")],
  },
  {
    name: "batches-blind-for-each-other",
    sentence: "Batches of one flush are judged against what was there before all of them.",
    file: "src/ports/store-judge.ts",
    find: `  const current = (key: string) => (writes.has(key) ? writes.get(key) : read(key));`,
    replace: `  const current = read;`,
    killers: [laws("test/plugins/storage-sqlite/contract.test.ts", "in the order of arrival")],
  },
  {
    name: "version-comes-back",
    sentence: "A document that was deleted and made again has its old version.",
    file: "src/ports/store-judge.ts",
    find: `    version += 1;
    const old`,
    replace: `    version = ((writes.get(key) ?? read(key))?.stored.version ?? 0) + 1;
    const old`,
    killers: [laws("test/plugins/storage-memory/contract.test.ts")],
  },
  {
    name: "order-of-last-change",
    sentence: "Documents are found in the order of their last change and not of their creation.",
    file: "src/ports/store-judge.ts",
    find: `since: old?.since ?? version });`,
    replace: `since: version });`,
    killers: [laws("test/plugins/storage-memory/contract.test.ts")],
  },
  {
    name: "counter-passes-its-limit",
    sentence: "Two additions to a counter in one batch may pass its limit together.",
    file: "src/ports/store-judge.ts",
    find: `    const now = sums.get(counter) ?? numberAt(read(counter), "n");`,
    replace: `    const now = numberAt(read(counter), "n");`,
    killers: [laws("test/plugins/storage-memory/contract.test.ts")],
  },
  {
    name: "flush-without-transaction",
    sentence: "A flush that fails in the middle leaves its first half in the file.",
    file: "plugins/storage-sqlite/flush.ts",
    find: `    } catch (problem) {
      rollBack(db);
      throw problem;
    }
    return erases;`,
    replace: `    } catch (problem) {
      db.exec("COMMIT");
      throw problem;
    }
    return erases;`,
    killers: [laws("test/plugins/storage-sqlite/store.test.ts", "a full disk fails")],
  },
  {
    name: "cache-before-commit",
    sentence: "SQLite's cache shows what a failed flush did not write.",
    file: "plugins/storage-sqlite/flush.ts",
    find: `      if (transact(judgement.writes, judgement.version)) erased = true;
      version = judgement.version;
      rows.changed();
      for (const [key, now] of judgement.writes) {
        if (now === undefined) rows.hot.delete(key);
        else rows.hot.put(now, bodyOf(key, now.stored.document).length);
      }`,
    replace: `      rows.changed();
      for (const [key, now] of judgement.writes) {
        if (now === undefined) rows.hot.delete(key);
        else rows.hot.put(now, bodyOf(key, now.stored.document).length);
      }
      if (transact(judgement.writes, judgement.version)) erased = true;
      version = judgement.version;`,
    killers: [laws("test/plugins/storage-sqlite/store.test.ts", "a full disk fails")],
  },
  {
    name: "never-automatic-ignored",
    sentence: "Items that are never decided automatically are decided by the table.",
    file: "plugins/rules-table/deciding.ts",
    find: `      if (never.has(type)) return`,
    replace: `      if (never.has(type) && items.length > 1) return`,
    killers: [laws("test/plugins/rules-table/naive.test.ts")],
  },
  {
    name: "last-line-wins",
    sentence: "Of several lines that match, the last one answers and not the first.",
    file: "plugins/rules-table/deciding.ts",
    find: `      found = match === "yes" ? index : surprised;
      return true;`,
    replace: `      found = match === "yes" ? index : surprised;
      return false;`,
    killers: [laws("test/plugins/rules-table/naive.test.ts")],
  },
  {
    name: "signature-over-the-data",
    sentence: "A webhook is signed over the event's data and not over the bytes that are sent.",
    file: "plugins/publisher-webhooks/publisher.ts",
    find: `...signatureHeaders({ id: event.id, at: new Date(at), body }, line.signer),`,
    replace: `...signatureHeaders({ id: event.id, at: new Date(at), body: JSON.stringify(event.data) }, line.signer),`,
    killers: [laws("test/plugins/publisher-webhooks/verification.test.ts")],
  },
  {
    name: "failed-delivery-passes",
    sentence: "A webhook target that answers with a redirect counts as told.",
    file: "plugins/publisher-webhooks/publisher.ts",
    find: `status >= 200 && status <= 299 ?`,
    replace: `status >= 200 && status <= 399 ?`,
    killers: [laws("test/plugins/publisher-webhooks/calls.test.ts", "is a failure, to be tried again")],
  },
  {
    name: "must-be-accepted-ignored",
    sentence: "A Request can be accepted without an item that must be accepted.",
    file: "src/items/validate-decision.ts",
    find: `  if (!answer.accept && isParentAccepted && item.mustBeAccepted) return acceptedTooLittle();`,
    replace: "",
    killers: [laws("test/items/validate-decision.test.ts")],
  },
  {
    name: "kind-before-structure",
    sentence: "An item of a rejected Request is judged by its kind before the rejection is.",
    file: "src/items/validate-decision.ts",
    find: `  if (answer.accept && !isParentAccepted) return acceptedTooMuch(judgement.generation);
`,
    replace: "",
    killers: [laws("test/items/validate-decision.test.ts")],
  },
  {
    name: "items-do-not-see-each-other",
    sentence: "Items of one Request are answered as if the ones before had had no effect.",
    file: "src/items/build-response.ts",
    find: `    overlay.write(effects);
`,
    replace: "",
    killers: [laws("test/items/items-in-order.test.ts")],
  },
];
