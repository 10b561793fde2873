import { app } from "@azure/functions";
import { distributionEvents } from "../shared/messages/distribution-notification.ts";
import { acceptOrSetAside } from "./accept-or-set-aside.ts";
import { answering, readJson } from "./http-answers.ts";

/** Notifications of a CNCF distribution registry: push, pull and delete. The registry sends again what is not answered with 2xx. */
app.http("receiveRegistryNotification", {
  methods: ["POST"],
  authLevel: "function",
  route: "registry-notifications",
  handler: (request, context) =>
    answering(async () => {
      const events = distributionEvents(await readJson(request));
      await Promise.all(events.map((event) => acceptOrSetAside(event, context, "distribution")));
      return { status: 202 };
    }),
});
