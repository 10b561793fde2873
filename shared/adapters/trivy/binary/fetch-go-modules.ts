import { modulesNotIn, trivyPackage } from "./go-module.ts";
import type { GoModule } from "./go-module.ts";
import type { GoToolchain } from "./go-toolchain.ts";
import { runGo } from "./run-go.ts";
import type { SourceOptions } from "./trivy-source.ts";

interface FetchOptions extends SourceOptions {
  readonly go: GoToolchain;
  readonly module: GoModule;
}

/**
 * Resolves to the number of packages that Trivy consists of. `go list` fetches the modules that hold them, where
 * `go mod download` would fetch every module that is named anywhere.
 */
export async function fetchGoModules({ go, module, pin, progress, signal }: FetchOptions): Promise<number> {
  const activity = `fetching the Go modules of Trivy ${pin.version}`;
  const total = module.modules.length;
  let done = total - (await modulesNotIn(go.moduleCache, module)).length;
  const show = () => progress.update({ activity, count: { done: Math.min(done, total), total, unit: "modules" } });
  show();
  const packages = await runGo(go, ["list", "-x", "-deps", "-f", "{{.ImportPath}}", trivyPackage], {
    directory: pin.goModule,
    signal,
    timeoutMs: 60 * 60_000,
    onLine: (line) => {
      if (isFetchedModule(line)) done += 1;
      show();
    },
  });
  return packages.trimEnd().split("\n").length;
}

/** -x prints "# get https://proxy.golang.org/…/@v/v1.2.3.zip: 200 OK (0.123s)" once it is there. */
const isFetchedModule = (line: string): boolean => /^# get \S+\.zip: 200 /.test(line);
