import { isDeepStrictEqual } from "node:util";
import * as z from "zod";
import { parseWalkQuestion } from "../../../shared/messages/api-coverage.ts";
import { parseDropQuestion, parseRedriveQuestion } from "../../../shared/messages/api-dead-letters.ts";
import { parseCondition, toExemptionJson } from "../../../shared/messages/api-exemptions.ts";
import { parseExemption } from "../../../shared/messages/exemption-file.ts";
import { InvalidMessageError, parseJson } from "../../../shared/messages/invalid-message-error.ts";
import { parseStoredExemption, toStoredExemption } from "../../../shared/messages/stored-exemption.ts";
import { aDigest } from "../../support/samples.ts";
import { endingOfAny } from "../ending-of-any.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

const scope = { vulnerability: "CVE-2026-1", package: "pkg:deb/debian/openssl", repository: "shop/**" };

export const target: FuzzTarget = {
  about: "bodies and conditions of requests that change something: exemptions, dead letters, walks",
  format: "json",
  tokens: ["2027-02-31", "pkg:", "**", "sha256:"],
  open: async () => ({
    corpus: [
      { ...scope, owner: "shop-team", reason: "Not used by the shop.", until: "2027-03-31" },
      {
        ...{ digest: aDigest(), platform: "linux/arm64/v8", createdAt: "2026-11-21T08:00:00Z" },
        ...{ owner: "a", reason: "Only there at build time.", justification: "vulnerable_code_not_in_execute_path" },
      },
      { reason: "The registry is gone.", by: "somebody" },
      { source: "scanImage", reason: "invalid-event", cursor: "eyJ9" },
      { registry: "shop.azurecr.io" },
      { "if-match": '"1"' },
      { "if-none-match": "*" },
      {},
    ].map((body) => JSON.stringify(body)),
    run: async (input) => {
      const text = Buffer.from(input).toString();
      const works = parsers.map((parse) => () => parse(parseJson(text, "request body")));
      return endingOfAny(works, [InvalidMessageError], input);
    },
  }),
};

const now = new Date("2026-11-21T08:00:00Z");

const Headers = z.record(z.string(), z.string().optional().catch(undefined));

const parsers: readonly ((body: unknown) => unknown)[] = [
  parseDropQuestion,
  parseRedriveQuestion,
  parseWalkQuestion,
  (headers) => {
    const { data = {} } = Headers.safeParse(headers);
    if (!("if-match" in data || "if-none-match" in data)) throw new InvalidMessageError("There is no condition.");
    parseCondition({ get: (name) => data[name] ?? null });
  },
  (body) => {
    const exemption = parseExemption("one", body, now);
    JSON.stringify(toExemptionJson(exemption, now));
    const stored = parseStoredExemption(
      JSON.parse(JSON.stringify(toStoredExemption({ exemption, savedAt: now }))),
      "one",
    );
    if (!isDeepStrictEqual(stored, { exemption, savedAt: now }))
      throw new Error("It does not come out of the store as it went in.");
  },
];
