/** What the killed processes said, and what they were interrupted in. */
export interface Ledger {
  readonly add: (line: string) => void;
  /** Every way in which the messages found differ from what was promised; empty when the broker kept its word. */
  readonly brokenPromises: (found: readonly FoundMessage[]) => readonly string[];
  readonly totals: () => { readonly sent: number; readonly completed: number; readonly received: number };
}

export interface FoundMessage {
  readonly messageId: string;
  readonly deliveryCount: number;
}

/** `kills` processes were killed; each may have counted a delivery that it did not live to tell. */
export function killLedger(kills: () => number): Ledger {
  const sending = new Set<string>();
  const sent = new Set<string>();
  const completing = new Set<string>();
  const completed = new Set<string>();
  const received = new Map<string, number>();

  return {
    add: (line) => {
      const [what, id = ""] = line.split(" ");
      if (what === "sending") sending.add(id);
      if (what === "sent") sent.add(id);
      if (what === "received") received.set(id, (received.get(id) ?? 0) + 1);
      if (what === "completing") completing.add(id);
      if (what === "completed") completed.add(id);
    },
    brokenPromises: (found) => {
      const ids = found.map(({ messageId }) => messageId);
      const there = new Set(ids);
      const lost = [...sent].filter((id) => !there.has(id) && !completing.has(id));
      const back = ids.filter((id) => completed.has(id));
      const strange = ids.filter((id) => !sending.has(id));
      const doubled = ids.length === there.size ? [] : ["a message is there twice"];
      const miscounted = found.filter(({ messageId, deliveryCount }) => {
        const told = received.get(messageId) ?? 0;
        return deliveryCount < told || deliveryCount > told + kills();
      });
      return [
        ...lost.map((id) => `${id} was accepted and is lost`),
        ...back.map((id) => `${id} was completed and came back`),
        ...strange.map((id) => `${id} was never sent`),
        ...doubled,
        ...miscounted.map(
          ({ messageId, deliveryCount }) =>
            `${messageId} was delivered ${received.get(messageId) ?? 0} times and counts ${deliveryCount}`,
        ),
      ];
    },
    totals: () => ({ sent: sent.size, completed: completed.size, received: received.size }),
  };
}
