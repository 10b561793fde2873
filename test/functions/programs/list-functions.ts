import { importFunctions } from "../../../shared/hosts/embedded/functions/import-functions.ts";
import { functionsCore } from "../../../shared/hosts/embedded/functions/functions-core.ts";

/** `node list-functions.ts <functions module>`: what the module registers, as one line of JSON. */
const [, , functionsModule = ""] = process.argv;
const functions = await importFunctions(functionsCore(), () => import(functionsModule), {});
process.stdout.write(`${JSON.stringify(functions.map(({ name, bindings }) => ({ name, bindings })))}\n`);
