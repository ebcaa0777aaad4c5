// Lets Node 20 run TypeScript as it is: `node --conditions=rapport:source --import ./.config/load-typescript.mjs FILE`.
// Types are only erased, as tsconfig.json promises with `erasableSyntaxOnly`; nothing is checked here.
import { register } from "node:module";

register("./erase-types.mjs", import.meta.url);
