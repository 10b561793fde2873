import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ociImageRegistry } from "../../../shared/adapters/oci/oci-image-registry.ts";
import { openTrivy, type Trivy, type TrivyOptions } from "../../../shared/adapters/trivy/open-trivy.ts";
import { defaultTrivySettings, type TrivySettings } from "../../../shared/adapters/trivy/trivy-settings.ts";
import { parseRepository, type ImageReference } from "../../../shared/domain/image-reference.ts";
import type { ScanOutcome } from "../../../shared/domain/scan-outcome.ts";
import { systemClock } from "../../../shared/ports/clock.ts";
import { silentLog } from "../../../shared/ports/log.ts";
import { foundation } from "../../fixtures/advisories/foundation.ts";
import type { Manifest } from "../../support/images/descriptor.ts";
import { push } from "../../support/images/push.ts";
import {
  startInProcessRegistry,
  type InProcessRegistry,
  type InProcessRegistryOptions,
} from "../../support/registry/in-process-registry.ts";
import { buildJavaDatabase } from "../../support/trivy-database/build-java-database.ts";
import { buildVulnerabilityDatabase } from "../../support/trivy-database/build-vulnerability-database.ts";
import { publishDatabase } from "../../support/trivy-database/trivy-database.ts";
import { trivyPath } from "../../support/trivy-path.ts";

export interface TrivyLabOptions {
  readonly auth?: InProcessRegistryOptions["auth"];
  readonly settings?: Partial<TrivySettings>;
  readonly trivy?: Partial<TrivyOptions>;
}

/** The real Trivy with directories of its own, beside a registry that holds its databases and whatever is pushed. */
export interface TrivyLab extends AsyncDisposable {
  readonly directory: string;
  readonly registry: InProcessRegistry;
  readonly trivy: Trivy;
  readonly push: (manifest: Manifest, repository?: string) => Promise<ImageReference>;
  readonly scan: (image: ImageReference, signal?: AbortSignal) => Promise<ScanOutcome>;
  readonly publish: (kind: "vulnerability" | "java", updatedAt: Date, advisories?: typeof foundation) => Promise<void>;
  /** Another Trivy over the same directories, as after a restart. */
  readonly reopen: (changes?: TrivyLabOptions) => Promise<Trivy>;
}

export const DATABASE_DATE = new Date("2026-11-20T06:00:00.000Z");

export async function startTrivyLab(options: TrivyLabOptions = {}): Promise<TrivyLab> {
  await using started = new AsyncDisposableStack();
  const directory = await mkdtemp(join(tmpdir(), "trivy-lab-"));
  started.defer(() => rm(directory, { recursive: true, force: true }));
  const registry = started.use(await startInProcessRegistry(options.auth && { auth: options.auth }));
  const { host, url } = registry;

  const reopen = ({ settings, trivy }: TrivyLabOptions = options) => {
    const anonymous = async () => ({ kind: "anonymous" }) as const;
    return openTrivy({
      binary: { path: trivyPath(), version: "0.74.0" },
      directories: {
        databases: join(directory, "databases"),
        slots: join(directory, "slots"),
        scratch: join(directory, "scratch"),
      },
      settings: {
        ...defaultTrivySettings,
        graceSeconds: 1,
        databaseSources: [`${host}/trivy-db:2`],
        javaDatabaseSources: [`${host}/trivy-java-db:1`],
        ...settings,
      },
      credentials: anonymous,
      insecureRegistries: (registry) => registry === host,
      registry: ociImageRegistry({
        credentials: trivy?.credentials ?? anonymous,
        clock: systemClock,
        userAgent: "test",
        insecureRegistries: [host],
      }),
      clock: systemClock,
      log: silentLog,
      ...trivy,
    });
  };

  const lab = {
    directory,
    registry,
    trivy: await reopen(),
    push: async (manifest: Manifest, repository = "shop/web") => {
      const { digest } = await push(url, repository, manifest);
      return { registry: host, repository: parseRepository(repository), digest };
    },
    scan: (image: ImageReference, signal?: AbortSignal) =>
      lab.trivy.scanner.scan(image, async (outcome) => outcome, signal),
    publish: async (kind: "vulnerability" | "java", updatedAt: Date, advisories = foundation) => {
      if (kind === "java") await publishDatabase(url, "trivy-java-db", buildJavaDatabase({ artifacts: [], updatedAt }));
      else await publishDatabase(url, "trivy-db", buildVulnerabilityDatabase({ advisories, updatedAt }));
    },
    reopen,
  };
  const everything = started.move();
  return { ...lab, [Symbol.asyncDispose]: () => everything.disposeAsync() };
}

/** With both databases published and in place. */
export async function startReadyTrivyLab(options: TrivyLabOptions = {}): Promise<TrivyLab> {
  const lab = await startTrivyLab(options);
  await lab.publish("vulnerability", DATABASE_DATE);
  await lab.publish("java", DATABASE_DATE);
  await lab.trivy.database.refresh();
  return lab;
}
