/** One code: its HTTP status, the exit code of the CLI, whether repeating may help, and what to do (docs/faults.md). */
export interface Row {
  readonly http: number;
  readonly exit: number;
  readonly retry: boolean;
  readonly advice: string;
}
