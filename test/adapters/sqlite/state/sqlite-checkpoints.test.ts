import { checkpointsContract } from "../../../contract/checkpoints.contract.ts";
import { openState } from "./open-state.ts";

checkpointsContract(async () => (await openState()).checkpoints);
