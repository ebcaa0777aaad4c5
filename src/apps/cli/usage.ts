/** What `rapport help` prints. */
export const usage = `rapport - consented relationships between two parties

Usage
  rapport story [options]   two people and a library agree, refuse, end and erase, step by step
  rapport relay [options]   the relay as an HTTP server; "rapport relay --help" has the options
  rapport relay admin ...   ask a running relay
  rapport help              this text
  rapport --version         the version

Options of story
  --template FILE           a template of your own, as JSON: a RelationshipTemplateContent, an
                            ArbitraryRelationshipTemplateContent, or
                            { "content": ..., "expiresAt": ..., "maxNumberOfAllocations": ... }
  --store memory            keep nothing (the default)
  --store lowdb:FILE        keep everything in FILE, one readable JSON file
  --store sqlite:FILE       keep everything in FILE, a SQLite database
                            The relay keeps its part in FILE.relay; the keys are in FILE.key and
                            FILE.relay.key, unless RAPPORT_STORE_KEY is set.
                            Run it twice with the same file, and it goes on with what is there.
  --json                    one JSON object per step, and a last line {"result":...}

Exit codes
  0 done, 2 wrong input, 3 no such thing, 4 not allowed, 5 not now, 6 repeat later, 7 broken,
  1 anything else; docs/faults.md has every code.`;
