/** What `rapport relay --help` prints. */
export const relayUsage = `rapport relay - stores and forwards envelopes between identities, and sees no content

Usage
  rapport relay [options]             start one; SIGTERM or Ctrl+C stops it in order
  rapport relay admin VERB [options]  ask a running one; "rapport relay admin" lists the verbs

Where it listens
  --port NUMBER              4300
  --host ADDRESS             repeatable; both loopbacks. --host 0.0.0.0 lets other machines in
  --host-name NAME           localhost; the name in addresses of identities. It must be the name that
                             clients dial, and can never be changed. Not an IP address
  --base-url URL             http://HOST-NAME:PORT; what references carry
  --trust-proxy              believe the last X-Forwarded-For, by the one proxy in front

Where it keeps things
  --store sqlite:FILE        sqlite:rapport-relay.db
  --store memory             keep nothing
  --store postgres://...     for several processes; needs the package pg
  --key-file FILE            with postgres: the store key, made at the first start; the same on all hosts.
                             RAPPORT_STORE_KEY goes first, and SQLite has FILE.key beside it
  --blobs FOLDER             bytes of Files; FILE.files beside the SQLite file, or the database
  --nats URL                 news between processes over NATS; needs @nats-io/transport-node

Who may do what
  --client ID:SECRET         repeatable; may create identities, beside the clients in the store.
                             Without any, one is made, kept and shown once
  --admin-key KEY            the operator's key; without it one is made, kept as a hash and shown once
  --rate-limit NUMBER        requests a minute of one device; 0 is no limit. 1200 when other machines
                             or a proxy reach the relay, else none
  --rate-limit-address N     the same for one network address; 6000
  --grace-period-days N      14; between deleting an identity and its end, fractions allowed
  --recipients NUMBER        20; of one message

What it tells
  --log LEVEL                warn; debug, info (each request), warn, error, silent; JSON on standard error
  --metrics-port NUMBER      Prometheus on a port of its own; else /metrics with the operator's key
  --metrics-host ADDRESS     127.0.0.1
  --keep-alive SECONDS       240; between two signs of life on an event stream
  --json                     the start line as one JSON object
  --config FILE              a JSON object with the same names in camelCase, and "quotas":
                             [{"metric": "NumberOfFiles", "max": 100, "period": "Day"}]
  --help                     this text

Every option is also RAPPORT_RELAY_..., as in RAPPORT_RELAY_HOST_NAME; lists with commas between.
Flags go before the environment, the environment before the file.`;
