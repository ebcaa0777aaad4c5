/** What `rapport connector --help` prints. */
export const connectorUsage = `rapport connector - the REST API of your own identities; works with published clients

Usage
  rapport connector [start] [options]        start it; SIGTERM or Ctrl+C stops it in order
  rapport connector identity status          address of the identity, and how far its deletion is
  rapport connector identityDeletion init    delete the identity, after a period of grace
  rapport connector identityDeletion cancel  take that back
  rapport connector deadletters list         what a running Connector could not deliver or process
  rapport connector deadletters replay ID    queue it again
  rapport connector deadletters discard ID   throw it away

Configuration, the strongest first
  --KEY=VALUE, --KEY VALUE   any key: --database.driver=lowdb, --database:driver lowdb
  KEY in the environment     database__driver=lowdb, database:driver=lowdb; values may be JSON
  a file                     --config FILE, -c FILE, CUSTOM_CONFIG_LOCATION, else config.json
  defaults                   docs/connector-configuration.md has every key
  What has to be there: transportLibrary.baseUrl, .platformClientId and .platformClientSecret,
  and, unless --debug, a way to prove who calls. All mistakes are listed at once.

Often given
  --debug                    error details, docs and debug routes; nobody has to prove who they are
  --port NUMBER              80 if that is allowed, else 8080
  --host ADDRESS             repeatable; all addresses of this machine
  --json                     the start line as one JSON object

identity, identityDeletion
  --account NAME             which identity, if there are several
  The files of sqlite and lowdb are for one process: stop the Connector first.

deadletters
  --url URL                  http://127.0.0.1:8080, or RAPPORT_CONNECTOR_URL; with the prefix of an identity
  --api-key KEY              or RAPPORT_CONNECTOR_API_KEY
  --header-name NAME         X-API-KEY
  --json                     the answer as one JSON object

The store key is RAPPORT_STORE_KEY, else database.keyFile, else beside the file of the store.`;
