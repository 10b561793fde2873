import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseDeliveryQuery, toWebhookJson } from "../shared/messages/api-webhooks.ts";
import { answering, page, problem } from "./http-answers.ts";

const read = { methods: ["GET" as const], authLevel: "function" as const };

app.http("listWebhooks", {
  ...read,
  route: "webhooks",
  handler: () => ({ jsonBody: { items: host().subscribers.map(toWebhookJson) } }),
});

app.http("listDeliveries", {
  ...read,
  route: "webhooks/{id}/deliveries",
  handler: (request) =>
    answering(async () => {
      const subscriber = request.params["id"] ?? "";
      if (!host().subscribers.some(({ id }) => id === subscriber))
        return problem(404, "No webhook with this id is in the settings. GET /api/webhooks lists those that are.");
      const query = parseDeliveryQuery(request.query);
      const { items, next } = await host().listDeliveries({ subscriber, alertId: query.alertId }, query.page);
      return page(request, { items, next });
    }),
});
