// Runs before Tidewatch in the processes that the fault injection starts: kills and a full disk. What to do is in the
// environment (world/preload-orders.ts); the clock and the guards are edits of the source (world/build-program.ts).
import { subscribe } from "node:diagnostics_channel";
import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { readOrders } from "../world/preload-orders.ts";

const { killAt, diskFull } = readOrders(process.env);

if (killAt !== undefined) {
  let seen = 0;
  subscribe("tidewatch:step", (step) => {
    if (step === killAt.step && (seen += 1) === killAt.occurrence) process.kill(process.pid, "SIGKILL");
  });
}

if (diskFull) {
  const full = () => Promise.reject(Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" }));
  Object.assign(fs.promises, { writeFile: full, copyFile: full, mkdtemp: full });
  syncBuiltinESMExports();
}
