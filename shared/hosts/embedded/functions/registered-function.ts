import * as z from "zod";
import { subscriptionPath } from "../../../adapters/sqlite/broker/entities.ts";
import type { FunctionCallback } from "./rpc.ts";
import { isDisabled, resolveSettings, type AppSettings } from "./app-settings.ts";

/** A function as registered through @azure/functions, with its settings resolved. */
export interface RegisteredFunction<T extends Trigger = Trigger> {
  readonly name: string;
  readonly trigger: T;
  /** The name under which the trigger's input is passed. */
  readonly inputName: string;
  /** As registered; @azure/functions reads them again at every invocation. */
  readonly bindings: Readonly<Record<string, unknown>>;
  readonly callback: FunctionCallback;
  readonly disabled: boolean;
}

export type Trigger = HttpTrigger | TimerTrigger | ServiceBusTrigger | EventGridTrigger;

export interface HttpTrigger {
  readonly kind: "http";
  readonly route: string;
  readonly methods: readonly string[];
  readonly authLevel: "anonymous" | "function" | "admin";
}

export interface TimerTrigger {
  readonly kind: "timer";
  readonly schedule: string;
  readonly runOnStartup: boolean;
  readonly useMonitor: boolean;
}

export interface ServiceBusTrigger {
  readonly kind: "serviceBus";
  /** A queue's name or a subscription's path. */
  readonly path: string;
  readonly many: boolean;
  readonly binary: boolean;
}

export interface EventGridTrigger {
  readonly kind: "eventGrid";
}

export function parseRegisteredFunction(
  registered: { readonly metadata: unknown; readonly callback: FunctionCallback },
  settings: AppSettings,
): RegisteredFunction {
  const { name, bindings, retryOptions } = metadataSchema.parse(registered.metadata);
  if (retryOptions !== undefined) throw new UnsupportedFunctionError(name, "has a retry policy");
  const triggers = Object.entries(bindings).filter(([, binding]) => /trigger$/i.test(binding.type));
  const [inputName, binding] = triggers[0] ?? [];
  if (inputName === undefined) throw new UnsupportedFunctionError(name, "has no trigger");
  for (const [bindingName, other] of Object.entries(bindings)) {
    if (bindingName === inputName || (bindingName === "$return" && other.type === "http")) continue;
    throw new UnsupportedFunctionError(name, `has the binding ${bindingName} of type ${other.type}`);
  }
  if (binding !== undefined && !supported.has(binding.type)) {
    throw new UnsupportedFunctionError(name, `has a trigger of type ${binding.type}`);
  }
  const parsed = triggerSchema.safeParse(binding);
  if (!parsed.success) throw new UnsupportedFunctionError(name, z.prettifyError(parsed.error));
  return {
    name,
    trigger: toTrigger(name, parsed.data, settings),
    inputName,
    bindings,
    callback: registered.callback,
    disabled: isDisabled(name, settings),
  };
}

/** Those with the given kind of trigger. */
export const withTrigger = <K extends Trigger["kind"]>(
  kind: K,
  functions: readonly RegisteredFunction[],
): readonly RegisteredFunction<Extract<Trigger, { kind: K }>>[] =>
  functions.filter((each): each is RegisteredFunction<Extract<Trigger, { kind: K }>> => each.trigger.kind === kind);

function toTrigger(name: string, binding: z.infer<typeof triggerSchema>, settings: AppSettings): Trigger {
  switch (binding.type) {
    case "httpTrigger":
      return { kind: "http", route: binding.route ?? name, methods: binding.methods, authLevel: binding.authLevel };
    case "timerTrigger": {
      const { runOnStartup, useMonitor } = binding;
      return { kind: "timer", schedule: resolveSettings(binding.schedule, settings), runOnStartup, useMonitor };
    }
    case "serviceBusTrigger": {
      const { queueName, topicName = "", subscriptionName = "", cardinality, dataType } = binding;
      const path = resolveSettings(queueName ?? subscriptionPath(topicName, subscriptionName), settings);
      return { kind: "serviceBus", path, many: cardinality === "many", binary: dataType === "binary" };
    }
    case "eventGridTrigger":
      return { kind: "eventGrid" };
  }
}

export class UnsupportedFunctionError extends Error {
  override name = "UnsupportedFunctionError";

  constructor(functionName: string, problem: string) {
    super(`The function ${functionName} cannot run on the embedded host: it ${problem}.`);
  }
}

const metadataSchema = z.object({
  name: z.string().regex(/^[A-Za-z][\w-]*$/),
  bindings: z.record(z.string(), z.looseObject({ type: z.string() })),
  retryOptions: z.unknown().optional(),
});

const triggerSchema = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("httpTrigger"),
    route: z.string().optional(),
    methods: z.array(z.string().toUpperCase()),
    authLevel: z.enum(["anonymous", "function", "admin"]),
  }),
  z.object({
    type: z.literal("timerTrigger"),
    schedule: z.string(),
    runOnStartup: z.boolean().default(false),
    useMonitor: z.boolean().default(true),
  }),
  z.object({
    type: z.literal("serviceBusTrigger"),
    queueName: z.string().optional(),
    topicName: z.string().optional(),
    subscriptionName: z.string().optional(),
    cardinality: z.enum(["one", "many"]).default("one"),
    dataType: z.string().optional(),
    // None of these is offered: refusing is better than delivering in another way than the function expects.
    isSessionsEnabled: z.literal(false).optional(),
    sdkBinding: z.literal(false).optional(),
    autoCompleteMessages: z.literal(true).optional(),
  }),
  z.object({ type: z.literal("eventGridTrigger") }),
]);

const supported = new Set<string>(triggerSchema.options.map(({ shape }) => shape.type.value));
