// What every plugin's door promises to the type checker.
import type { Plugin } from "rapport/core";
import { sodium } from "rapport/plugins/crypto-sodium";
import { sodiumNative } from "rapport/plugins/crypto-sodium-native";
import { platformNode } from "rapport/plugins/platform-node";
import { lowdbStorage } from "rapport/plugins/storage-lowdb";
import { memoryStorage } from "rapport/plugins/storage-memory";
import { type SqliteLike, sqliteStorage } from "rapport/plugins/storage-sqlite";
import { loopbackTransport } from "rapport/plugins/transport-loopback";
import { expectTypeOf, test } from "vitest";

test("each door makes a plugin", () => {
  expectTypeOf(sodium).returns.toEqualTypeOf<Plugin>();
  expectTypeOf(sodiumNative).returns.toEqualTypeOf<Plugin>();
  expectTypeOf(platformNode).returns.toEqualTypeOf<Plugin>();
  expectTypeOf(lowdbStorage).returns.toEqualTypeOf<Plugin>();
  expectTypeOf(memoryStorage).returns.toEqualTypeOf<Plugin>();
  expectTypeOf(sqliteStorage).returns.toEqualTypeOf<Plugin>();
  expectTypeOf(loopbackTransport).returns.toEqualTypeOf<Plugin>();
});

test("memory needs nothing, files need their place", () => {
  expectTypeOf(memoryStorage).toBeCallableWith();
  expectTypeOf(sqliteStorage).toBeCallableWith({ file: "a.db" });
  expectTypeOf(lowdbStorage).toBeCallableWith({ file: "a.json" });
  // @ts-expect-error which file?
  sqliteStorage({});
  // @ts-expect-error a misspelt option is not silently ignored.
  sqliteStorage({ file: "a.db", flie: "b.db" });
});

test("a driver is any object with the few methods that are used", () => {
  const driver: SqliteLike = {
    exec: () => undefined,
    prepare: () => ({ all: () => [], get: () => undefined, run: () => undefined }),
    close: () => undefined,
  };

  expectTypeOf(sqliteStorage).toBeCallableWith({ file: "a.db", open: () => driver });
});
