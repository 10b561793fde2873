import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/** GET /api/health: this process answers, and has what its functions need. Without a key, so it says nothing more. */
app.http("readHealth", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "health",
  handler: () => {
    host();
    return { jsonBody: { status: "up" } };
  },
});
