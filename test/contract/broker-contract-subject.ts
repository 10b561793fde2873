import type { MessageReceiver, MessageSender } from "../../shared/adapters/sqlite/broker/broker.ts";
import type { EntityDeclarations } from "../../shared/adapters/sqlite/broker/entities.ts";
import type { ReceivedMessage } from "../../shared/adapters/sqlite/broker/message.ts";

export interface BrokerUnderTest {
  readonly broker: MessageSender & MessageReceiver;
  /** A manual clock moves on; a real service has to be waited for. */
  readonly passTime: (ms: number) => Promise<void>;
  readonly end: () => Promise<void>;
}

/** The factory has to provide these, empty, for each test. */
export const CONTRACT_ENTITIES: EntityDeclarations = {
  queues: [
    { name: "work", lockDurationMs: 5_000, maxDeliveryCount: 2, deadLetterOnExpiration: true },
    { name: "once", lockDurationMs: 5_000, duplicateDetectionWindowMs: 20_000 },
  ],
  topics: [
    {
      name: "findings",
      subscriptions: [
        { name: "everything" },
        { name: "urgent", filter: { kind: "sql", expression: "severity IN ('high', 'critical')" } },
        { name: "asked", filter: { kind: "correlation", subject: "asked", applicationProperties: { retry: false } } },
      ],
    },
  ],
};

export const LOCK_MS = 5_000;

/** What the parts of the contract use: the broker of the test that is running, and three shorthands. */
export interface BrokerContract {
  readonly broker: BrokerUnderTest["broker"];
  readonly passTime: BrokerUnderTest["passTime"];
  /** From the queue "work" when no path is given; throws when there is none. */
  readonly receiveOne: (path?: string) => Promise<ReceivedMessage>;
  /** By the clock of the broker, which need not be ours. */
  readonly inMs: (ms: number) => Promise<Date>;
}

export function brokerContractSubject(current: () => BrokerUnderTest): BrokerContract {
  const receiveOne = async (path = "work"): Promise<ReceivedMessage> => {
    const [message] = await current().broker.receive(path, 1, { waitMs: 1_000 });
    if (!message) throw new Error(`no message in ${path}`);
    return message;
  };
  return {
    get broker() {
      return current().broker;
    },
    passTime: async (ms) => await current().passTime(ms),
    receiveOne,
    inMs: async (ms) => {
      await current().broker.send("once", [{ body: "what time is it" }]);
      const message = await receiveOne("once");
      await current().broker.complete(message);
      return new Date(message.enqueuedAt.getTime() + ms);
    },
  };
}

export function bodies(messages: readonly { readonly body: string }[]): readonly string[] {
  return messages.map(({ body }) => body);
}
