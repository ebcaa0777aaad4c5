// Asking for the API key, once, when the Connector wants one.
import { keepKey } from "./api.ts";
import { make, problemPlace, showProblem } from "./element.ts";
import { labelled } from "./inputs.ts";
import type { Screen } from "./screen.ts";

/** Draws it; `again` when a key was given and refused. */
export function keyScreen({ again, done }: { again: boolean; done: () => void }): Screen {
  const key = make("input", { type: "password", autocomplete: "off", required: true });
  const problem = problemPlace();
  const form = make(
    "form",
    { class: "card" },
    make("p", {}, "This Connector answers only those who have its API key."),
    labelled("API key", key, "It is kept until this tab is closed."),
    make("button", { type: "submit" }, "Go on"),
    problem,
  );
  if (again)
    showProblem(problem, { message: "This API key is not the right one.", code: "error.connector.unauthorized" });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    keepKey(key.value.trim());
    done();
  });
  return { title: "Who are you?", elements: [form] };
}
