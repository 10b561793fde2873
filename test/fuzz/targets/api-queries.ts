import * as requests from "../../../shared/messages/api-requests.ts";
import { InvalidMessageError } from "../../../shared/messages/invalid-message-error.ts";
import { endingOf, type Ending, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "queries of the API's lists",
  format: "text",
  tokens: ["&", "=", "&limit=", "%00", "%ff", "+", "&cursor=", "__proto__=1", "%F0%9F%92%A3", "severity=critical"],
  open: async () => ({
    corpus: [
      "",
      "limit=500&cursor=eyJhIjoxfQ",
      "registry=shop.azurecr.io&repository=shop/web&tag=1.0&state=scanned&severity=high",
      "severity=Critical&fixable=true&limit=1",
      "code=a-key&clientId=default",
      "fixable=false",
    ],
    run: async (input) => {
      const query = new URLSearchParams(Buffer.from(input).toString());
      const parsers = [requests.parsePageQuery, requests.parseImageQuery, requests.parseFindingQuery];
      const endings: Ending[] = [];
      for (const parse of parsers) endings.push(await endingOf(() => parse(query), [InvalidMessageError]));
      return endings.find(({ kind }) => kind === "refused") ?? { kind: "accepted" };
    },
  }),
};
