import { readFileSync } from "node:fs";
import { HostJsonError, parseHostSettings } from "../../../shared/hosts/embedded/functions/host-settings.ts";
import { jsonOf } from "../corpus/fixtures.ts";
import { endingOf, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "host.json",
  format: "json",
  open: async () => ({
    corpus: [
      readFileSync(new URL("../../../host.json", import.meta.url), "utf8"),
      JSON.stringify({
        version: "2.0",
        functionTimeout: "-1",
        logging: { logLevel: { default: "Warning" } },
        extensions: {
          http: {
            routePrefix: "/api/",
            maxOutstandingRequests: -1,
            customHeaders: { "x-content-type-options": "nosniff" },
          },
          serviceBus: { maxConcurrentCalls: 2, maxAutoLockRenewalDuration: "1.00:30:00", maxMessageBatchSize: 10 },
        },
      }),
    ],
    run: (input) =>
      endingOf(() => {
        const {
          functionTimeoutMs = 1,
          maxAutoLockRenewalMs,
          maxConcurrentCalls,
        } = parseHostSettings(jsonOf(input)?.value);
        const usable = Number.isFinite(functionTimeoutMs + maxAutoLockRenewalMs) && maxConcurrentCalls >= 1;
        if (!usable) throw new Error("A limit is no number.");
      }, [HostJsonError]),
  }),
};
