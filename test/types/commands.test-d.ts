// What every command promises to the type checker: it can be repeated under a `commandId` (design.md 7).
import type {
  CommandOptions,
  Files,
  IncomingRequests,
  Messages,
  OutgoingRequests,
  Relationships,
  Templates,
  Tokens,
} from "rapport";
import { describe, expectTypeOf, test } from "vitest";

/** Methods that change nothing. */
type Reading =
  | "get"
  | "find"
  | "each"
  | "entry"
  | "can"
  | "canCreate"
  | "canAccept"
  | "canReject"
  | "decision"
  | "explain"
  | "changes"
  | "download"
  | "attachment"
  | "downloadAttachment";

/** The commands of a service whose last argument is not what every command takes. */
type Unrepeatable<S> = {
  [method in Exclude<keyof S, Reading>]: S[method] extends (...given: infer Given) => unknown
    ? Required<Given> extends readonly [...unknown[], infer Last]
      ? CommandOptions extends Last
        ? never
        : method
      : method
    : never;
}[Exclude<keyof S, Reading>];

describe("every command takes a commandId", () => {
  test("templates, tokens, messages, files, and Relationships", () => {
    expectTypeOf<Unrepeatable<Templates>>().toBeNever();
    expectTypeOf<Unrepeatable<Tokens>>().toBeNever();
    expectTypeOf<Unrepeatable<Messages>>().toBeNever();
    expectTypeOf<Unrepeatable<Files>>().toBeNever();
    expectTypeOf<Unrepeatable<Relationships>>().toBeNever();
  });

  test("Requests, received and asked", () => {
    expectTypeOf<Unrepeatable<IncomingRequests>>().toBeNever();
    expectTypeOf<Unrepeatable<OutgoingRequests>>().toBeNever();
  });

  test("a command without one would be noticed", () => {
    interface Forgetful {
      get(id: string): Promise<string>;
      repeat(id: string, options?: CommandOptions): Promise<void>;
      forget(id: string): Promise<void>;
    }

    expectTypeOf<Unrepeatable<Forgetful>>().toEqualTypeOf<"forget">();
  });
});
