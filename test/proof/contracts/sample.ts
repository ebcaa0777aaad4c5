/** A small plugin that breaks promises, and the sentences that say which. */
export interface Sample<S> {
  readonly name: string;
  readonly subject: S;
  readonly breaks: readonly string[];
  /** Sentences that say so only when chance comes by. */
  readonly mayBreak?: readonly string[];
}
