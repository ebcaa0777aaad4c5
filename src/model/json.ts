/** Anything that JSON can carry. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json | undefined };

/** A JSON object whose members may be absent. */
export type JsonObject = { readonly [member: string]: Json | undefined };
