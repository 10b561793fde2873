import { appendFileSync, mkdirSync } from "node:fs";

mkdirSync("below");
setInterval(() => appendFileSync("below/file", Buffer.alloc(1024 * 1024, 1)), 20);
