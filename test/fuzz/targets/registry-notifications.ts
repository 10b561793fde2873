import { InvalidMessageError, parseJson } from "../../../shared/messages/invalid-message-error.ts";
import { distributionEvents, parseDistributionEvent } from "../../../shared/messages/distribution-notification.ts";
import { whyUnexplained } from "../engine/why-unexplained.ts";
import { recordings } from "../corpus/fixtures.ts";
import { eventJson } from "../corpus/registry-event-properties.ts";
import { endingOf, type Ending, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "notifications that a CNCF distribution registry posts",
  format: "json",
  open: async () => ({
    corpus: recordings("distribution", "envelope"),
    run: async (input) => {
      const endings: Ending[] = [];
      const ending = await endingOf(async () => {
        for (const raw of distributionEvents(parseJson(Buffer.from(input).toString(), "registry notification")))
          endings.push(await endingOf(() => check(raw), [InvalidMessageError]));
      }, [InvalidMessageError]);
      return endings.find((each) => isWorse(each, input)) ?? endings.find(({ kind }) => kind === "refused") ?? ending;
    },
  }),
};

function check(raw: unknown): void {
  const event = parseDistributionEvent(raw);
  if (event !== undefined) eventJson(event);
}

/** An envelope has many events; of the reasons for those that are refused the worst one counts. */
function isWorse(ending: Ending, input: Uint8Array): boolean {
  return ending.kind === "refused" && whyUnexplained(ending.why, input) !== undefined;
}
