import { parseAlertQuery } from "../../../shared/messages/api-alerts.ts";
import { parseDeadLetterQuery } from "../../../shared/messages/api-dead-letters.ts";
import { parseComparisonQuery, parseTagQuery } from "../../../shared/messages/api-history-requests.ts";
import { parseFindingQuery, parseImageQuery, parsePageQuery } from "../../../shared/messages/api-requests.ts";
import { parseDeliveryQuery } from "../../../shared/messages/api-webhooks.ts";
import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { endingOfAny } from "../ending-of-any.ts";
import type { FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "queries of the API's lists",
  format: "text",
  tokens: ["&", "=", "&limit=", "%00", "%ff", "+", "&cursor=", "__proto__=1", "%F0%9F%92%A3", "severity=critical"],
  open: async () => ({
    corpus: [
      "",
      "limit=500&cursor=eyJhIjoxfQ",
      "registry=shop.azurecr.io&repository=shop/web&tag=1.0&state=scanned&severity=high",
      "severity=Critical&fixable=true&exempted=false&limit=1",
      "ended=true&at=2026-11-21T08:00:00Z",
      "code=a-key&clientId=default",
      "fixable=false",
      `image=${"0".repeat(32)}&kind=findings.changed&since=2026-11-21T08:00:00%2B01:00`,
      "source=scanImage&reason=invalid-event",
      `since=${"0".repeat(32)}`,
      "registry=shop.azurecr.io&repository=shop/web&tag=1.0",
      `alert=${"0".repeat(32)}`,
    ],
    run: async (input) => {
      const query = new URLSearchParams(Buffer.from(input).toString());
      const works = parsers.map((parse) => () => parse(query));
      return endingOfAny(works, [InvalidMessageError], input);
    },
  }),
};

const parsers = [
  ...[parsePageQuery, parseImageQuery, parseFindingQuery, parseAlertQuery],
  ...[parseDeadLetterQuery, parseComparisonQuery, parseTagQuery, parseDeliveryQuery],
] satisfies readonly ((query: URLSearchParams) => unknown)[];
