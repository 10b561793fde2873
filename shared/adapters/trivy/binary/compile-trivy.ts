import { join } from "node:path";
import { builtPackages } from "./built-packages.ts";
import { trivyPackage } from "./go-module.ts";
import type { GoToolchain } from "./go-toolchain.ts";
import { runGo } from "./run-go.ts";
import type { SourceOptions } from "./trivy-source.ts";

interface CompileOptions extends SourceOptions {
  readonly go: GoToolchain;
  readonly packageCount: number;
}

/** Resolves to the path of the binary. About five minutes on two cores, and up to 3.3 GB of memory. */
export async function compileTrivy(options: CompileOptions): Promise<string> {
  const { go, packageCount: total, pin, progress, signal, workDirectory } = options;
  const built = builtPackages(join(workDirectory, "built-packages.txt"));
  const file = join(workDirectory, "trivy");
  const activity = `building Trivy ${pin.version}`;
  const show = () =>
    progress.update({ activity, count: { done: Math.min(built.size(), total), total, unit: "packages" } });
  show();
  const linkerFlags = `-s -w -X github.com/aquasecurity/trivy/pkg/version/app.ver=${pin.version}`;
  await runGo(go, ["build", "-v", "-trimpath", "-ldflags", linkerFlags, "-o", file, trivyPackage], {
    directory: pin.goModule,
    signal,
    timeoutMs: 3 * 60 * 60_000,
    onLine: (line) => {
      built.add(line);
      if (line === trivyPackage) progress.update({ activity: `linking Trivy ${pin.version}` });
      else show();
    },
  });
  return file;
}
