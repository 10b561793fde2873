import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join, resolve } from "node:path";

// Node.js keeps the modules that it has compiled, their types already taken out. From the second start on, the compiler
// that takes them out is not even loaded, which saves 20 MB: that is why this file and the next have no types. Beside
// Trivy, in the directory of docs/trivy.md; where that cannot be written, nothing is kept.
const { TIDEWATCH_CACHE: own, XDG_CACHE_HOME: xdg, HOME: home } = process.env;
const cache = own ? resolve(own) : xdg ? resolve(xdg, "tidewatch") : resolve(home || homedir(), ".cache", "tidewatch");
enableCompileCache(join(cache, "compiled"));
const { freshBundle } = await import("./fresh-bundle.mjs");
await import((await freshBundle()) ?? "./start.ts");
