import { afterEach, beforeEach, describe } from "vitest";

import { brokerContractSubject, type BrokerUnderTest } from "./broker-contract-subject.ts";
import { deliveryContract } from "./broker-delivery.contract.ts";
import { timeContract } from "./broker-time.contract.ts";
import { topicsContract } from "./broker-topics.contract.ts";

/** What every broker promises: the embedded one, and Azure Service Bus through its SDK. */
export function brokerContract(name: string, create: () => Promise<BrokerUnderTest>): void {
  describe(name, () => {
    let current: BrokerUnderTest;
    beforeEach(async () => {
      current = await create();
    });
    afterEach(async () => await current.end());

    const subject = brokerContractSubject(() => current);
    deliveryContract(subject);
    timeContract(subject);
    topicsContract(subject);
  });
}
