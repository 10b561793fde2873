import { homedir } from "node:os";
import { join, resolve } from "node:path";

/** Holds one directory for each version of Trivy. Need not exist yet. */
export function trivyCacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  return join(tidewatchCacheDirectory(environment), "trivy");
}

/** What may be deleted at any time that nothing runs. Need not exist yet. */
function tidewatchCacheDirectory(environment: Readonly<Record<string, string | undefined>>): string {
  const { TIDEWATCH_CACHE: own, XDG_CACHE_HOME: xdg, HOME: home } = environment;
  if (own) return resolve(own);
  if (xdg) return resolve(xdg, "tidewatch");
  return resolve(home ? home : homedir(), ".cache", "tidewatch");
}
