import { readFile } from "node:fs/promises";

/** The host.json that is deployed to Azure, too. */
export async function hostJson(): Promise<unknown> {
  const value: unknown = JSON.parse(await readFile(new URL("../../../host.json", import.meta.url), "utf8"));
  return value;
}
