/** Who calls, after the credentials were checked. */
export interface Caller {
  readonly address: string;
  readonly deviceId: string;
  readonly username: string;
}
