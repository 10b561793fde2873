import { onTestFinished } from "vitest";
import { countOpen } from "../../shared/domain/count-open.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import type { ImageRecord } from "../../shared/domain/image-record.ts";
import type { TrackedFinding } from "../../shared/domain/tracked-finding.ts";
import { hostJson } from "../../shared/hosts/embedded/host-json.ts";
import { provideHost } from "../../shared/hosts/current-host.ts";
import type { HostParts } from "../../shared/hosts/host.ts";
import { startHost } from "../hosts/embedded/functions/start-host.ts";
import { tracked } from "../support/samples.ts";
import { openWorkshop, type Workshop } from "../use-cases/workshop.ts";

export interface Api {
  readonly workshop: Workshop;
  /** Without a slash at the end. */
  readonly url: string;
  /** Opens the function routes; {@link call} sends it. */
  readonly key: string;
  readonly call: (path: string, init?: Pick<RequestInit, "method" | "body">) => Promise<Response>;
  /** Puts an image on record, with the findings of its scan and their counts. */
  readonly save: (record: ImageRecord, findings?: readonly (Finding | TrackedFinding)[]) => Promise<void>;
}

/** The functions over real HTTP, on the real store and with a registry, without a scanner; for one test. */
export async function startApi(parts: Partial<HostParts> = {}): Promise<Api> {
  const workshop = await openWorkshop(parts);
  onTestFinished(() => workshop[Symbol.asyncDispose]());
  provideHost(workshop.host);
  onTestFinished(() => provideHost(undefined));
  const { url, keys } = await startHost({
    functions: () => import("../../functions/index.ts"),
    hostJson: await hostJson(2),
  });
  return {
    workshop,
    url,
    key: keys.default,
    call: (path, init) =>
      fetch(`${url}${path}`, {
        ...init,
        headers: { "x-functions-key": keys.default },
        signal: AbortSignal.timeout(20_000),
      }),
    save: async (record, findings = []) => {
      const { images } = workshop.parts;
      const scan = record.scan && { ...record.scan, ...countOpen(tracked(findings)) };
      await images.saveFindings(record.id, record.scan?.findings ?? "", tracked(findings));
      await images.write({ ...record, scan }, "new");
    },
  };
}
