import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";
import { parseDistributionNotification } from "../shared/messages/distribution-notification.ts";
import { acceptOrSetAside } from "./accept-or-set-aside.ts";
import { answering, readJson } from "./http-answers.ts";

const name = "receiveRegistryNotification";

/** Notifications of a CNCF distribution registry: push, pull and delete. The registry sends again what is not answered with 2xx. */
app.http(name, {
  methods: ["POST"],
  authLevel: "function",
  route: "registry-notifications",
  handler: (request, context) =>
    answering(async () => {
      const { events, refused } = parseDistributionNotification(await readJson(request));
      await Promise.all(events.map((event) => acceptOrSetAside(event, context, () => event)));
      for (const { reason, event } of refused)
        await host().addDeadLetter({
          source: name,
          reason: "invalid-event",
          detail: reason,
          body: JSON.stringify(event),
        });
      return { status: 202 };
    }),
});
