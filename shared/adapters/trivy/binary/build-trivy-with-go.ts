import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { buildSpace } from "./build-space.ts";
import { compileTrivy } from "./compile-trivy.ts";
import { fetchGoModules } from "./fetch-go-modules.ts";
import { requireSpace } from "./free-space.ts";
import { readGoModule } from "./go-module.ts";
import { findGo } from "./go-toolchain.ts";
import { GoFailedError } from "./run-go.ts";
import type { TrivySource } from "./trivy-source.ts";

/**
 * A static Trivy, compiled from the sources that go.sum pins. Go's module cache is the user's; the build cache is ours,
 * in the work directory, so that an interrupted build is gone on with.
 */
export const buildTrivyWithGo: TrivySource = async (options) => {
  const { pin, signal, workDirectory } = options;
  const module = await readGoModule(pin.goModule);
  if (!module) return { kind: "not", reason: `there is no go.mod and go.sum in ${pin.goModule}` };
  const found = await findGo(module.goVersion, options);
  if (found.kind === "not") return found;
  const { go } = found;

  const buildCache = join(workDirectory, "go-build");
  const temporary = join(workDirectory, "go-tmp");
  const needs = await buildSpace(module, { moduleCache: go.moduleCache, buildCache });
  await requireSpace(needs, { purpose: `build Trivy ${pin.version}`, freeBytes: options.freeBytes });
  await mkdir(temporary, { recursive: true });

  const environment = {
    ...go.environment,
    // Without jsonv2 Trivy does not compile; without cgo it is static.
    GOEXPERIMENT: "jsonv2",
    CGO_ENABLED: "0",
    GOFLAGS: "-mod=readonly",
    GOCACHE: buildCache,
    GOTMPDIR: temporary,
  };
  const build = { ...options, module, go: { ...go, environment } };
  try {
    const packageCount = await fetchGoModules(build);
    return { kind: "got", file: await compileTrivy({ ...build, packageCount }) };
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof GoFailedError) return { kind: "not", reason: error.message };
    throw error;
  }
};
