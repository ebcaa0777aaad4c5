// What a configuration says about webhooks (spec/connector-api.md 4.4), and our addition to it: signing secrets.

/** How the Connector proves who it is: a key in a header, or an access token for client credentials. */
export type WebhookAuthentication =
  | { readonly type: "ApiKey"; readonly apiKey: string; readonly headerName?: string | undefined }
  | {
      readonly type: "OAuth2";
      readonly accessTokenUrl: string;
      readonly clientId: string;
      readonly clientSecret: string;
      readonly scope?: string | undefined;
    };

/** Where events go. `{{trigger}}` in the url stands for the event's name. */
export interface WebhookTarget {
  readonly url: string;
  readonly headers?: { readonly [name: string]: string } | undefined;
  readonly authentication?: WebhookAuthentication | undefined;
  /** Secrets of Standard Webhooks (`whsec_...`), the newest first; with two, both sign until the older one is taken away. */
  readonly signingSecrets?: readonly string[] | undefined;
}

/** Which events go to which target. In a trigger `*` stands for one part of a name, `**` for any number of them. */
export interface WebhooksConfig {
  readonly targets?: { readonly [name: string]: WebhookTarget } | undefined;
  readonly webhooks: readonly { readonly triggers: readonly string[]; readonly target: string | WebhookTarget }[];
  /** Believes every certificate; for tests only. */
  readonly skipTlsCheck?: boolean | undefined;
}
