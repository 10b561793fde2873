import type { RefreshOutcome, VulnerabilityDatabase } from "../../../ports/vulnerability-database.ts";
import type { CurrentDatabase } from "./current-database.ts";
import type { DatabaseKind } from "./database-files.ts";
import { formatDatabaseSource, parseDatabaseSource, type DatabaseSource } from "./database-source.ts";
import { fetchDatabase, type FetchDatabaseOptions } from "./fetch-database.ts";

export interface TrivyDatabaseOptions extends FetchDatabaseOptions {
  readonly currentDatabase: CurrentDatabase;
}

/** @throws {@link InvalidDatabaseSourceError} when a source in the settings is none */
export function trivyDatabase(options: TrivyDatabaseOptions): VulnerabilityDatabase {
  const { settings } = options;
  const sources = {
    vulnerability: settings.databaseSources.map(parseDatabaseSource),
    java: settings.javaDatabaseSources.map(parseDatabaseSource),
  };
  let running: Promise<RefreshOutcome> | undefined;
  return {
    refresh: (signal) => {
      running ??= refresh(options, sources, signal).finally(() => (running = undefined));
      return running;
    },
  };
}

async function refresh(
  options: TrivyDatabaseOptions,
  sources: Readonly<Record<DatabaseKind, readonly DatabaseSource[]>>,
  signal: AbortSignal | undefined,
): Promise<RefreshOutcome> {
  const { currentDatabase, log } = options;
  const vulnerability = await refreshOne("vulnerability", sources.vulnerability, options, signal);
  // Most images have no jars: a Java database that cannot be had must not keep them from being scanned.
  const java = sources.java.length === 0 ? UNCHANGED : await refreshOne("java", sources.java, options, signal);
  if (java.kind === "unavailable") log.warn("There is no new Java database.", { reason: java.detail });

  const database = currentDatabase.version();
  if (vulnerability.kind === "unavailable" && (database === undefined || java.kind !== "updated")) return vulnerability;
  if (database === undefined) return { kind: "unavailable", detail: "No vulnerability database is in place." };
  if (vulnerability.kind === "updated") return { ...vulnerability, database };
  if (java.kind === "updated") return { ...java, database };
  return { kind: "unchanged", database };
}

type OneRefreshed =
  | { readonly kind: "updated"; readonly source: string }
  | { readonly kind: "unchanged" }
  | { readonly kind: "unavailable"; readonly detail: string };

const UNCHANGED: OneRefreshed = { kind: "unchanged" };

/** The first source that has an answer decides. */
async function refreshOne(
  kind: DatabaseKind,
  sources: readonly DatabaseSource[],
  options: TrivyDatabaseOptions,
  signal: AbortSignal | undefined,
): Promise<OneRefreshed> {
  const { log } = options;
  const problems: string[] = [];
  for (const source of sources) {
    const name = formatDatabaseSource(source);
    try {
      const fetched = await fetchDatabase(kind, source, options, signal);
      if (fetched.kind !== "refused") {
        if (fetched.kind === "updated") log.info("A new database is in place.", { kind, source: name });
        return fetched.kind === "updated" ? { kind: "updated", source: name } : UNCHANGED;
      }
      problems.push(`${name}: ${fetched.detail}`);
    } catch (error) {
      problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (signal?.aborted) break;
  }
  return { kind: "unavailable", detail: problems.join(" ").slice(0, 2000) || "The settings name no source." };
}
