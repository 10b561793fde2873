import type { AppSettings } from "./app-settings.ts";
import type { FunctionsCore } from "./functions-core.ts";
import { parseRegisteredFunction, type RegisteredFunction } from "./registered-function.ts";

/** Imports the functions and reads what they registered, in the order of registration. */
export async function importFunctions(
  core: FunctionsCore,
  load: () => Promise<unknown>,
  settings: AppSettings,
): Promise<readonly RegisteredFunction[]> {
  await load();
  if (core.model === undefined || core.functions.size === 0) throw new NoFunctionsError();
  const capabilities = await core.model.getCapabilities({});
  if (capabilities["HttpUri"] !== undefined) throw new HttpStreamError();
  return [...core.functions.values()].map((each) => parseRegisteredFunction(each, settings));
}

export class NoFunctionsError extends Error {
  override name = "NoFunctionsError";

  constructor() {
    super(
      "No function was registered. The import must call app.http, app.timer and so on, and @azure/functions must not " +
        "have been used in this process before the host was started.",
    );
  }
}

export class HttpStreamError extends Error {
  override name = "HttpStreamError";

  constructor() {
    super("app.setup({ enableHttpStream: true }) is not offered by the embedded host; remove it.");
  }
}
