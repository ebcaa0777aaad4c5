/** Time. `now` is milliseconds since the epoch; `sleep` resolves after that many milliseconds, or when told to stop. */
export interface Clock {
  now(): number;
  sleep(ms: number, stop?: AbortSignal): Promise<void>;
}
