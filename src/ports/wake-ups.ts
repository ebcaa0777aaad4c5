/**
 * Carries between the processes of one relay that somebody has news. Best effort and without order: a wake-up may be lost,
 * doubled or late, so whoever is woken looks at the store, and looks from time to time without being woken.
 */

/** Tells all processes of a relay, the own one included or not, which topics have news. Topics are short printable texts. */
export interface WakeUps extends AsyncDisposable {
  /** Starts listening; `hear` gets the topics that other processes told. */
  open(hear: (topics: readonly string[]) => void): Promise<void>;
  /** Never throws and never waits; what cannot be told now may be dropped. */
  tell(topics: readonly string[]): void;
}
