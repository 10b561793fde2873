import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseAlertQuery } from "../shared/messages/api-alerts.ts";
import { answering, page } from "./http-answers.ts";

/** GET /api/alerts: what was published, as it was published. */
app.http("listAlerts", {
  methods: ["GET"],
  authLevel: "function",
  route: "alerts",
  handler: (request) =>
    answering(async () => {
      const query = parseAlertQuery(request.query);
      const { items, next } = await host().listAlerts(query.filter, query.page);
      return page(request, { items: items.map(({ event }): unknown => JSON.parse(event)), next });
    }),
});
