import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { stringify } from "yaml";

import { parseRegistryHost, type RegistryHost } from "../../../shared/domain/image-reference.ts";
import type { NotificationEndpoint } from "./registry-notifications.ts";

export interface DistributionOptions {
  /** From {@link findDistribution}. */
  readonly path: string;
  readonly notifications?: readonly NotificationEndpoint[];
  /** With htpasswd only {@link distributionAccount} gets in. Anonymous when absent. */
  readonly auth?: "htpasswd";
  /** True when absent. */
  readonly deleteEnabled?: boolean;
}

export interface Distribution extends AsyncDisposable {
  readonly host: RegistryHost;
  /** `http://127.0.0.1:port`, without a slash at the end. */
  readonly url: string;
  /** Ends the process and removes its storage. */
  readonly close: () => Promise<void>;
}

export const distributionAccount = { username: "tester", password: "let-me-in" } as const;
const HTPASSWD = "tester:$2y$05$tidewatchtestsaltregiencJEv/l7088MVvftyZL1.6LzTJ0yz1G\n";

const START_TIMEOUT_MS = 20_000;

/** The real CNCF distribution registry as a child on a free port of 127.0.0.1, with storage of its own. */
export async function startDistribution(options: DistributionOptions): Promise<Distribution> {
  const directory = await mkdtemp(join(tmpdir(), "distribution-"));
  await writeFile(join(directory, "htpasswd"), HTPASSWD);
  await writeFile(join(directory, "config.yml"), stringify(configuration(options, directory)));
  const child = execa(options.path, ["serve", join(directory, "config.yml")], {
    // REGISTRY_* variables would change the configuration.
    extendEnv: false,
    stdin: "ignore",
    stdout: "ignore",
    buffer: false,
    reject: false,
    forceKillAfterDelay: 2000,
  });
  const close = async () => {
    child.kill();
    await child;
    await rm(directory, { recursive: true, force: true });
  };

  try {
    const host = parseRegistryHost(await listeningAddress(child.stderr));
    return { host, url: `http://${host}`, close, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Its log says which port it got. The log also holds the notification headers, so none of it is shown. */
async function listeningAddress(stderr: NodeJS.ReadableStream): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let log = "";
  stderr.on("data", (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-10_000);
    const [, address] = /listening on (127\.0\.0\.1:\d+)/.exec(log) ?? [];
    if (address !== undefined) resolve(address);
  });
  stderr.once("end", () => reject(new Error("The distribution registry ended while it was starting.")));
  const timer = setTimeout(() => reject(new Error("The distribution registry did not start.")), START_TIMEOUT_MS);
  return promise.finally(() => clearTimeout(timer));
}

function configuration(
  { notifications = [], auth, deleteEnabled = true }: DistributionOptions,
  directory: string,
): unknown {
  return {
    version: 0.1,
    log: { level: "info", accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(directory, "data") }, delete: { enabled: deleteEnabled } },
    http: { addr: "127.0.0.1:0" },
    ...(auth && { auth: { htpasswd: { realm: "registry", path: join(directory, "htpasswd") } } }),
    notifications: {
      endpoints: notifications.map(({ url, headers = {} }, number) => ({
        name: `endpoint-${number}`,
        url,
        headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [value]])),
        // Tests wait for these: as soon and as often as it can.
        timeout: "2s",
        threshold: 1,
        backoff: "100ms",
      })),
    },
  };
}
