import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { KeyName } from "../../../shared/hosts/embedded/functions/key-store.ts";
import { freePort } from "../../support/free-port.ts";
import { startDistribution } from "../../support/registry/distribution.ts";
import { findDistribution } from "../../support/registry/find-distribution.ts";
import { startInProcessRegistry } from "../../support/registry/in-process-registry.ts";
import { buildVulnerabilityDatabase } from "../../support/trivy-database/build-vulnerability-database.ts";
import { installDatabase, publishDatabase } from "../../support/trivy-database/trivy-database.ts";
import { startWebhookReceiver, type WebhookReceiver } from "../../support/webhook-receiver.ts";
import type { BenchOptions } from "../bench-result.ts";
import { benchAdvisories } from "./bench-packages.ts";
import { makeKeys } from "./make-keys.ts";
import { temporaryDirectory } from "./temporary-directory.ts";
import { startTidewatch, type TidewatchProcess } from "./tidewatch-process.ts";

/** Everything around the two that are compared. Directories are removed at the end. */
export interface BenchWorld extends AsyncDisposable {
  readonly directory: string;
  readonly registry: { readonly kind: string; readonly host: string; readonly url: string };
  readonly webhooks: WebhookReceiver;
  /** A fresh Trivy cache directory that holds the vulnerability database and no layer. */
  readonly bareCache: (name: string) => Promise<string>;
  /** A Tidewatch without any state, with its database in place. One at a time. */
  readonly tidewatch: (name: string, slots: number) => Promise<RunningTidewatch>;
}

export interface RunningTidewatch extends AsyncDisposable {
  readonly process: TidewatchProcess;
  readonly url: string;
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly stateDirectory: string;
}

/** @param notifying whether the registry tells Tidewatch about pushes */
export async function startBenchWorld(
  { trivy, signal }: BenchOptions,
  { notifying }: { readonly notifying: boolean },
): Promise<BenchWorld> {
  await using started = new AsyncDisposableStack();
  const { path: directory } = started.use(await temporaryDirectory());
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const keyFile = join(directory, "keys.json");
  const keys = await makeKeys(keyFile);
  const notifications = notifying
    ? [{ url: `${url}/api/registry-notifications`, headers: { "x-functions-key": keys.default } }]
    : [];

  const path = findDistribution();
  const registry = started.use(
    path === undefined
      ? await startInProcessRegistry({ notifications })
      : await startDistribution({ path, notifications }),
  );
  const webhooks = started.use(await startWebhookReceiver());
  const database = buildVulnerabilityDatabase({ advisories: benchAdvisories(), updatedAt: new Date() });
  await publishDatabase(registry.url, "trivy-db", database);

  const everything = started.move();
  return {
    directory,
    registry: { kind: path === undefined ? "in-process" : "CNCF distribution", host: registry.host, url: registry.url },
    webhooks,
    bareCache: async (name) => {
      const cache = join(directory, name);
      await installDatabase(cache, database);
      return cache;
    },
    tidewatch: async (name, slots) => {
      const stateDirectory = join(directory, name);
      await mkdir(stateDirectory, { recursive: true });
      await copyFile(keyFile, join(stateDirectory, "keys.json"));
      const settings = {
        registries: [{ host: registry.host, repositories: { exclude: ["trivy-db", "bare/**"] } }],
        databases: { vulnerability: [`${registry.host}/trivy-db:2`], java: [] },
        webhooks: [{ id: "bench", url: webhooks.url, secret: webhooks.secret }],
        scanner: { slots },
        stateDirectory,
        listen: { port },
      };
      const ready = "The vulnerability database is ready.";
      const process = await startTidewatch({ settings, trivyPath: trivy.path, ready, signal });
      return { process, url, keys, stateDirectory, [Symbol.asyncDispose]: () => process[Symbol.asyncDispose]() };
    },
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
