import { app } from "@azure/functions";

/** GET /api/health: this process answers. */
app.http("readHealth", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "health",
  handler: () => ({ jsonBody: { status: "up" } }),
});
