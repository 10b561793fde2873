import { app } from "@azure/functions";
import { host } from "../shared/hosts/current-host.ts";

/**
 * GET /api/health: this process answers, and has what its functions need. Without a key, so of what is wrong with files of
 * exemptions it says only how much; GET /api/exemptions says what.
 */
app.http("readHealth", {
  methods: ["GET"],
  authLevel: "anonymous",
  route: "health",
  handler: async () => {
    const problems = await host().exemptionProblems();
    return { jsonBody: { status: "up", exemptionProblems: problems.length } };
  },
});
