// Laws that are written as tests of a file, one after the other until the first that fails. A slip that keeps the file from
// being loaded is no plausible bug, and so no kill.
import { pathToFileURL } from "node:url";
import { proveLaws } from "./law-book.ts";
import { asked, tell } from "./verdict.ts";

const { file, sentence = "" } = asked("laws");

await import(pathToFileURL(file).href);
tell(await proveLaws(sentence, tell));
