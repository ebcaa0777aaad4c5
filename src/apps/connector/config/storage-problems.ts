// What is wrong with `database`, beyond the kinds of its values.
import { type Problem, valueAt } from "./trees.ts";

/** Settings that the chosen driver cannot do without. */
export function storageProblems(tree: unknown): readonly Problem[] {
  const at = (name: string) => valueAt(tree, ["database", name]);
  const connection = at("connectionString");
  if (at("driver") !== "postgres") return [];
  if (connection === undefined)
    return [{ path: ["database", "connectionString"], says: "is missing: postgres needs it" }];
  if (typeof connection === "string" && /^postgres(ql)?:\/\/./.test(connection)) return [];
  return [{ path: ["database", "connectionString"], says: "must be like postgres://user:password@host/database" }];
}
