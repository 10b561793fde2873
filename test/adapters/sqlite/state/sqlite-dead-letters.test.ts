import { deadLettersContract } from "../../../contract/dead-letters.contract.ts";
import { openState } from "./open-state.ts";

deadLettersContract(async () => (await openState()).deadLetters);
