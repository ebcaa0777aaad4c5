// What embedders of the Connector may write down.
import type { ConnectorConfigInput } from "rapport/connector";
import { expectTypeOf, test } from "vitest";

test("modules are switched on by name alone", () => {
  const config = {
    transportLibrary: { baseUrl: "http://localhost:4300", platformClientId: "id", platformClientSecret: "secret" },
    modules: { sync: { enabled: true } },
  };

  expectTypeOf(config).toExtend<ConnectorConfigInput>();
});

test("a module that there is takes no settings of another kind", () => {
  expectTypeOf<{ sync: { enabled: 7 } }>().not.toExtend<NonNullable<ConnectorConfigInput["modules"]>>();
});
