// Shapes that several groups of routes share.
import { z } from "zod";

/** An instant as ISO 8601. */
export const instant = z.string().meta({ format: "iso8601" });

/** Any JSON object. */
export const anyObject = z.looseObject({});

/** The address of an identity, of either generation. */
export const address = z.string().min(1);
