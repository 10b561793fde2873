import { readFile } from "node:fs/promises";
import * as z from "zod";

/** The host.json that is deployed to Azure, too; with more calls at a time where there are more slots to scan in. */
export async function hostJson(slots: number): Promise<unknown> {
  const text = await readFile(new URL("../../../host.json", import.meta.url), "utf8");
  const hostJson = HostJson.parse(JSON.parse(text));
  const { serviceBus } = hostJson.extensions;
  serviceBus.maxConcurrentCalls = Math.max(serviceBus.maxConcurrentCalls, slots + 2);
  return hostJson;
}

const HostJson = z.looseObject({
  extensions: z.looseObject({ serviceBus: z.looseObject({ maxConcurrentCalls: z.number() }) }),
});
