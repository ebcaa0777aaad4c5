// The door "rapport/connector": the Connector in one's own process, and as a command.
export { type Client, type ClientOptions, ConnectorError, createClient } from "./client.ts";
export { type ConnectorTerminal, runConnectorCommand } from "./command.ts";
export type { ConnectorConfig, ConnectorConfigInput } from "./config/shape.ts";
export { configShape } from "./config/shape.ts";
export { type Connector, type ConnectorOptions, createConnector } from "./program.ts";
