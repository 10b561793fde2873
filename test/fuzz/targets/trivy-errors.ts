import { toFailedOutcome } from "../../../shared/adapters/trivy/trivy-failure.ts";
import { trivyErrors } from "../corpus/trivy-errors.ts";
import { accepted, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "what Trivy prints before it fails, in which names of files in the image occur",
  format: "text",
  tokens: ["FATAL\tFatal error\trun error: ", "MANIFEST_UNKNOWN", "UNAUTHORIZED", "https://x/?sig=1", "\u001b[31m"],
  open: async () => ({
    corpus: trivyErrors,
    run: (input) => {
      const outcome = toFailedOutcome({ kind: "failed", exitCode: 1, stderr: Buffer.from(input).toString() });
      // Trivy's own words, which are not ours to explain: only that they can be shown.
      if ("detail" in outcome && (outcome.detail.length > 2000 || /\p{Cc}/u.test(outcome.detail)))
        throw new Error("The detail cannot be shown.");
      return accepted;
    },
  }),
};
