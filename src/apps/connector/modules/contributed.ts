import { type Plugin, Publisher, type PublisherPort } from "rapport/core";

/** A plugin that brings a publisher which is already made. */
export function contributed(name: string, publisher: PublisherPort): Plugin {
  return { name, register: ({ contribute }) => contribute(Publisher, () => publisher) };
}
