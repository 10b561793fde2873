import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openKeyFile, type KeyName } from "../../shared/hosts/embedded/functions/key-store.ts";
import { freePort } from "./free-port.ts";
import { jar } from "./images/packages/jar.ts";
import { JARS } from "./images/sample-packages.ts";
import { startDistribution } from "./registry/distribution.ts";
import { startInProcessRegistry, type InProcessRegistry } from "./registry/in-process-registry.ts";
import type { Advisory } from "./trivy-database/advisory.ts";
import { buildJavaDatabase } from "./trivy-database/build-java-database.ts";
import { buildVulnerabilityDatabase } from "./trivy-database/build-vulnerability-database.ts";
import { publishDatabase } from "./trivy-database/trivy-database.ts";
import { startWebhookReceiver, type WebhookReceiver } from "./webhook-receiver.ts";

export interface SurroundingsOptions {
  readonly advisories: readonly Advisory[];
  /** Path of the real CNCF distribution registry; the in-process one when missing. */
  readonly distribution?: string | undefined;
  /** Whether the registry tells Tidewatch what happens in it. True when missing. */
  readonly notifying?: boolean;
  /** Subscribers beside the one that is always there. */
  readonly subscribers?: readonly { readonly id: string; readonly url: string; readonly secret: string }[];
  /** Registries to look after beside the one that is started. */
  readonly otherRegistries?: readonly string[];
  /** Settings beside registries, databases, webhooks, directory and port, which are set here. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

/** What one Tidewatch lives among: a registry that notifies it, databases that it pulls from there, a subscriber. */
export interface Surroundings extends AsyncDisposable {
  readonly registry: { readonly host: string; readonly url: string };
  /** Missing when the registry is the real distribution. */
  readonly inProcess: InProcessRegistry | undefined;
  readonly webhooks: WebhookReceiver;
  readonly keys: Readonly<Record<KeyName, string>>;
  readonly stateDirectory: string;
  /** For the Tidewatch that belongs here, as a person would write them. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** A newer vulnerability database appears at the source. */
  readonly publish: (advisories: readonly Advisory[], updatedAt: Date) => Promise<void>;
}

export async function startSurroundings(options: SurroundingsOptions): Promise<Surroundings> {
  const { notifying = true, subscribers = [], otherRegistries = [] } = options;
  await using started = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "tidewatch-lab-"));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  const stateDirectory = join(directory, "state");
  const keys = await makeKeys(join(stateDirectory, "keys.json"));
  const port = await freePort();
  const endpoint = {
    url: `http://127.0.0.1:${port}/api/registry-notifications`,
    headers: { "x-functions-key": keys.default },
  };
  const notifications = notifying ? [endpoint] : [];

  const inProcess = options.distribution ? undefined : started.use(await startInProcessRegistry({ notifications }));
  const registry =
    options.distribution === undefined
      ? inProcess
      : started.use(await startDistribution({ path: options.distribution, notifications }));
  if (registry === undefined) throw new Error("A registry is always started.");
  const webhooks = started.use(await startWebhookReceiver());

  const publish = async (advisories: readonly Advisory[], updatedAt: Date) => {
    await publishDatabase(registry.url, "trivy-db", buildVulnerabilityDatabase({ advisories, updatedAt }));
  };
  await publish(options.advisories, new Date("2026-11-01T00:00:00Z"));
  await publishDatabase(registry.url, "trivy-java-db", javaDatabase());

  const everything = started.move();
  return {
    registry,
    inProcess,
    webhooks,
    keys,
    stateDirectory,
    settings: {
      // A walk would find what tests publish without an event.
      reconciliation: { everyHours: 0 },
      ...options.settings,
      // The databases live in the same registry and are no images to be looked after.
      registries: [
        { host: registry.host, repositories: { exclude: ["trivy-db", "trivy-java-db"] } },
        ...otherRegistries.map((host) => ({ host })),
      ],
      databases: { vulnerability: [`${registry.host}/trivy-db:2`], java: [`${registry.host}/trivy-java-db:1`] },
      webhooks: [{ id: "receiver", url: webhooks.url, secret: webhooks.secret }, ...subscribers],
      stateDirectory,
      listen: { port },
    },
    publish,
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}

async function makeKeys(file: string): Promise<Record<KeyName, string>> {
  const keys = { master: "", default: "", eventgrid_extension: "" };
  await openKeyFile({ file, show: (made) => void Object.assign(keys, made) });
  return keys;
}

function javaDatabase() {
  const artifacts = JARS.map((artifact) => ({ ...artifact, sha1: jar(artifact).sha1 }));
  return buildJavaDatabase({ artifacts, updatedAt: new Date("2026-11-01T00:00:00Z") });
}
