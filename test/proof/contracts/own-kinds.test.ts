// A kind as a plugin would bring it and a publisher that records keep their laws; the samples that break them are made of these.
import { itemKindContract, publisherContract } from "rapport/testkit";
import { recordingPlace } from "./recording.ts";
import { stampItems, stamps } from "./stamps.ts";

itemKindContract("stamps", { kind: stamps, items: stampItems });

publisherContract("a recording publisher", { place: () => recordingPlace() });
