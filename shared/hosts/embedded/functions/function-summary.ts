import type { FunctionSummary } from "./functions-host.ts";
import type { RegisteredFunction, Trigger } from "./registered-function.ts";
import { eventGridPath } from "./event-grid-webhook.ts";

export const functionSummary = ({ name, trigger, disabled }: RegisteredFunction, prefix: string): FunctionSummary => ({
  name,
  trigger: trigger.kind,
  source: source(name, trigger, prefix),
  disabled,
});

function source(name: string, trigger: Trigger, routePrefix: string): string {
  switch (trigger.kind) {
    case "http":
      return `${trigger.methods.join(",")} ${routePrefix === "" ? "" : `/${routePrefix}`}/${trigger.route}`;
    case "timer":
      return trigger.schedule;
    case "serviceBus":
      return trigger.path;
    case "eventGrid":
      return `${eventGridPath}?functionName=${name}`;
  }
}
