import type { TrivyImageConfig } from "./trivy-report.ts";

/** The build step that made each layer, by diff id. */
export type BuildSteps = ReadonlyMap<string, string>;

/** Empty when the history does not fit the layers: a guess would name the wrong step. */
export function buildSteps(config: TrivyImageConfig | undefined): BuildSteps {
  const diffIds = config?.rootfs?.diff_ids ?? [];
  const steps = (config?.history ?? []).filter(({ empty_layer }) => empty_layer !== true);
  if (diffIds.length !== steps.length) return new Map();
  return new Map(
    diffIds.flatMap((diffId, index) => {
      const step = cleanStep(steps[index]?.created_by ?? "");
      return step === "" ? [] : [[diffId, step] as const];
    }),
  );
}

/**
 * As the Dockerfile had it. The classic builder writes `/bin/sh -c #(nop) COPY …` and `/bin/sh -c make`, BuildKit
 * `RUN /bin/sh -c make # buildkit`; both put the values of build arguments before the command (`|1 TOKEN=abc /bin/sh -c
 * make`), and those are no business of whoever reads a finding.
 */
function cleanStep(createdBy: string): string {
  const shell = String.raw`(?:\|\d+ .*?)?\/bin\/sh -c `;
  return createdBy
    .replace(new RegExp(String.raw`^${shell}#\(nop\)\s*`), "")
    .replace(new RegExp(`^(?:RUN )?${shell}`, "s"), "RUN ")
    .replace(/ # buildkit$/, "")
    .trim()
    .slice(0, 500);
}
