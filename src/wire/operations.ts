/** Filled by the table below; see docs/protocol.md. */
export type OperationName = string;
