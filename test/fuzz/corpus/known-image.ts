import { anImageRecord } from "../../support/samples.ts";

/** Is on record, with a finding, wherever the functions are fuzzed. */
export const knownImage = anImageRecord();
