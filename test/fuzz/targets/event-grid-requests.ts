import { parseEventGridRequest } from "../../../shared/hosts/embedded/functions/event-grid-request.ts";
import { recordings } from "../corpus/fixtures.ts";
import { accepted, type Ending, type FuzzTarget } from "../fuzz-target.ts";

export const target: FuzzTarget = {
  about: "bodies of requests to the Event Grid webhook: batches of events, handshakes",
  format: "json",
  tokens: ["[{}]", "},{", '"eventType":', '"data":'],
  open: async () => ({
    corpus: [
      ...recordings("acr-events", "event").map((event) => `[${event}]`),
      `[${recordings("acr-events", "event").join(",")}]`,
      validation({ validationCode: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6" }),
      validation(JSON.stringify({ validationCode: "512d38b6" })),
      "[{}]",
    ],
    run: (input) => {
      const endings = types.map((type) => endingAs(type, input));
      return endings.find(({ kind }) => kind === "refused") ?? accepted;
    },
  }),
};

/** What Event Grid says, other senders leave out, and nobody says. */
const types = ["Notification", "SubscriptionValidation", "Unsubscribe", undefined] as const;

function endingAs(type: (typeof types)[number], body: Uint8Array): Ending {
  const headers = { "content-type": "application/json; charset=utf-8", ...(type && { "aeg-event-type": type }) };
  const parsed = parseEventGridRequest(headers, body);
  switch (parsed.kind) {
    case "invalid":
      // Event Grid does not send again what was answered 400.
      if (parsed.status !== 400) throw new Error(`A bad body is answered ${parsed.status}.`);
      return { kind: "refused", why: parsed.detail };
    case "events":
      if (parsed.events.length > 5000) throw new Error("There are more events than a batch has.");
      // On its way to the function each becomes text again.
      for (const event of parsed.events) JSON.stringify(event);
      return accepted;
    case "validation":
    case "unsubscribed":
      return accepted;
  }
}

const validation = (data: unknown) =>
  JSON.stringify([
    {
      id: "2d1781af-3a4c-4d7c-bd0c-e34b19da4e66",
      topic: "/subscriptions/00000000-0000-0000-0000-000000000000",
      subject: "",
      data,
      eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
      eventTime: "2018-01-25T22:12:19.4556811Z",
      metadataVersion: "1",
      dataVersion: "1",
    },
  ]);
