/** What `rapport help` prints. */
export const usage = `rapport - consented relationships between two parties

Usage
  rapport up [options]      a relay and two Connectors on this machine, and what to try with them
  rapport story [options]   two people and a library agree, refuse, end and erase, step by step
  rapport relay [options]   the relay as an HTTP server; "rapport relay --help" has the options
  rapport relay admin ...   ask a running relay
  rapport connector ...     a REST API over your own identities; "rapport connector --help" has more
  rapport explain ID        why a Request or a Relationship was decided, or what it waits for
  rapport rules try FILE    judge past decisions again by other rules; nothing is written
  rapport rules check FILE  mistakes in a rule table
  rapport rules prove FILE  what rules never do, or the smallest Request for which they do
  rapport check             the model checker: every state of two parties, a relay and a bad channel
  rapport simulate          engines and a relay under faults, from one seed
  rapport help              this text
  rapport --version         the version

Options of up
  --folder FOLDER           where everything is kept from start to start (default .rapport)
  --port PORT               the relay listens there, the Connectors on the next two (default 4300;
                            0: any); a port that is taken gives way to the next free one
  --no-story                nobody has met: for those who want to begin at the beginning
  --json                    one JSON object instead of lines

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

Options of explain and rules try
  --store sqlite:FILE       the store of an engine that is not running; files are opened for
  --store lowdb:FILE        reading only
  --store postgres:URL      a database, also while engines use it
  --account NAME            which account, if the store has several
  --json                    one JSON object
  --all                     explain: everything, however long it gets
  --since DATE              rules try: only decisions from this date on
                            FILE is a rule table as JSON, or { "config": ..., "options": ... },
                            or a module (.js, .mjs) that exports rules; docs/explain.md

Options of check
  --deep                    wider bounds; takes minutes instead of half a minute
  --scene NAME              only this scene
  --json                    one JSON object

Options of rules prove
  --properties FILE         what is to hold, as JSON, or a module (.js, .mjs) that exports
                            properties by name; without it, what hardly anybody wants of rules;
                            docs/prove-rules.md
  --runs N                  how many Requests are made up (default 10000)
  --seed N                  another number: other Requests (default 1)
  --json                    one JSON object

Options of simulate
  --seed N                  which simulation; the same seed is the same run everywhere (default 1)
  --steps N                 how long it is (default 1000)
  --accounts N              people at the same time (default 4)
  --keep 3-9,17             only these steps, as a finding names them
  --seeds A-B               all of these seeds, on every core, until one finds something
  --json                    one JSON object

Exit codes
  0 done, 2 wrong input, 3 no such thing, 4 not allowed, 5 not now, 6 repeat later, 7 broken,
  8 looked and found: a decision that would change, a mistake in rules, a counter-example,
  a property that was not tested, a broken promise; 1 anything else;
  docs/faults.md has every code.`;
