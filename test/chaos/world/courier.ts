import { setTimeout } from "node:timers/promises";
import type { KeyName } from "../../../shared/hosts/embedded/functions/key-store.ts";
import type { EventFate } from "../plan/planned-round.ts";
import { distributionDelivery, eventGridDelivery, type Delivery, type RegistryNews } from "./registry-news.ts";

/** Brings the registry's news as Event Grid would: each copy until it is taken, whoever listens by then. */
export interface Courier {
  readonly send: (news: RegistryNews, fate: EventFate) => void;
  /** Resolves when every copy has been taken; rejects when the signal is aborted before. */
  readonly delivered: (signal: AbortSignal) => Promise<void>;
  /** Drops what has not been taken. */
  readonly stop: () => Promise<void>;
}

export function startCourier(address: string, keys: Readonly<Record<KeyName, string>>): Courier {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let sent = 0;

  const bring = async (delivery: Delivery, afterMs: number): Promise<void> => {
    await pause(afterMs, stopping.signal);
    while (!stopping.signal.aborted && !(await isTaken(address, keys, delivery, stopping.signal)))
      await pause(80, stopping.signal);
  };

  /** Without a copy it is lost. */
  const send = (news: RegistryNews, fate: EventFate) => {
    for (const afterMs of fate) {
      sent += 1;
      const delivery = sent % 2 === 0 ? eventGridDelivery(news) : distributionDelivery(news);
      const bringing = bring(delivery, afterMs).finally(() => running.delete(bringing));
      running.add(bringing);
    }
  };

  return {
    send,
    delivered: async (signal) => {
      while (running.size > 0) {
        await Promise.race([Promise.all(running), pause(100, signal)]);
        signal.throwIfAborted();
      }
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(running);
    },
  };
}

async function isTaken(
  address: string,
  keys: Readonly<Record<KeyName, string>>,
  { path, key, headers, body }: Delivery,
  stop: AbortSignal,
): Promise<boolean> {
  try {
    const response = await fetch(`${address}${path}`, {
      method: "POST",
      headers: { ...headers, "x-functions-key": keys[key] },
      body,
      signal: AbortSignal.any([stop, AbortSignal.timeout(5_000)]),
    });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
