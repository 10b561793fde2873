import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";

// Two processes that only SIGKILL ends. Each leaves a file named after its role, with its id in it.
process.on("SIGTERM", () => undefined);
setInterval(() => undefined, 1000);
const [, script = "", role = "parent"] = process.argv;
writeFileSync(role, process.pid.toString());
if (role === "parent") spawn(process.execPath, [script, "descendant"], { stdio: "ignore" });
