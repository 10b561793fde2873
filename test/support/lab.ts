import { startEmbeddedHost, type EmbeddedHost } from "../../shared/hosts/embedded/embedded-host.ts";
import { Settings } from "../../shared/hosts/settings/settings.ts";
import type { TrivyBinary } from "../../shared/adapters/trivy/binary/trivy-binary.ts";
import type { Clock } from "../../shared/ports/clock.ts";
import { silentLog, type Log } from "../../shared/ports/log.ts";
import { callTidewatch, type Answer } from "./call-tidewatch.ts";
import { startSurroundings, type Surroundings, type SurroundingsOptions } from "./surroundings.ts";

export interface LabOptions extends SurroundingsOptions {
  readonly trivy: TrivyBinary;
  readonly clock?: Clock;
  readonly log?: Log;
  /** How long running functions may go on when Tidewatch is stopped. */
  readonly graceMs?: number;
}

/** One Tidewatch in this process, and everything around it. One at a time per process. */
export interface Lab extends Surroundings {
  readonly tidewatch: EmbeddedHost;
  /** Stops Tidewatch and starts it again on the same state, as at an upgrade; with other settings where some are given. */
  readonly restart: (changes?: Partial<Pick<LabOptions, "trivy" | "settings">>) => Promise<void>;
  /** A request to Tidewatch with its master key; the body as JSON value where there is one. */
  readonly call: (path: string, init?: RequestInit) => Promise<Answer>;
  /** Runs a function now and waits until it has ended. */
  readonly run: (name: string, input?: unknown) => Promise<unknown>;
}

export async function startLab(options: LabOptions): Promise<Lab> {
  const { clock, graceMs, log = silentLog } = options;
  await using started = new AsyncDisposableStack();
  const surroundings = started.use(await startSurroundings(options));

  const start = ({ trivy = options.trivy, settings = {} }: Partial<Pick<LabOptions, "trivy" | "settings">> = {}) =>
    startEmbeddedHost({
      settings: Settings.parse({ ...surroundings.settings, ...settings }),
      trivy,
      log,
      showKeys: () => undefined,
      ...(clock && { clock }),
      ...(graceMs !== undefined && { graceMs }),
    });
  let tidewatch = await start();
  started.defer(() => tidewatch.stop());
  await tidewatch.host.refreshDatabase();

  const everything = started.move();
  return {
    ...surroundings,
    get tidewatch() {
      return tidewatch;
    },
    restart: async (changes) => {
      await tidewatch.stop();
      tidewatch = await start(changes);
    },
    call: (path, init) => callTidewatch(tidewatch.functions.url, surroundings.keys.master, path, init),
    run: (name, input) => tidewatch.functions.invoke(name, input),
    [Symbol.asyncDispose]: () => everything.disposeAsync(),
  };
}
