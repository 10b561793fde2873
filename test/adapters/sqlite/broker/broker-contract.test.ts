import { openBroker } from "../../../../shared/adapters/sqlite/broker/open-broker.ts";
import { CONTRACT_ENTITIES } from "../../../contract/broker-contract-subject.ts";
import { brokerContract } from "../../../contract/broker.contract.ts";
import { manualClock } from "../../../support/manual-clock.ts";
import { temporaryFile } from "./temporary-file.ts";

brokerContract("the embedded broker", async () => {
  const clock = manualClock();
  const temporary = temporaryFile("messages.db");
  const broker = openBroker({ file: temporary.file, clock, entities: CONTRACT_ENTITIES });
  return {
    broker,
    passTime: clock.advance,
    end: async () => {
      await broker.close();
      temporary.remove();
    },
  };
});
