import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { tidewatchCacheDirectory } from "../../../adapters/trivy/binary/cache-directory.ts";

// Node.js keeps the modules that it has compiled, their types already taken out. From the second start on, the compiler
// that takes them out is not even loaded, which saves 25 MB. Where the directory cannot be written, nothing is kept.
enableCompileCache(join(tidewatchCacheDirectory(process.env), "compiled"));
await import("./start.ts");
