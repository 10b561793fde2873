import { setTimeout } from "node:timers/promises";
import type { KeyName } from "../../../shared/hosts/embedded/functions/key-store.ts";
import type { EventFate } from "../plan/planned-round.ts";
import { distributionDelivery, eventGridDelivery, type Delivery, type RegistryNews } from "./registry-news.ts";

/** Brings the registry's news as Event Grid would, and what people want: until it is taken, whoever listens by then. */
export interface Courier {
  readonly send: (news: RegistryNews, fate: EventFate) => void;
  /** One after the other. Resolves when it has been done, or is dropped. */
  readonly ask: (wish: Wish) => Promise<void>;
  /** Resolves when all has been taken; rejects when the signal is aborted before. */
  readonly delivered: (signal: AbortSignal) => Promise<void>;
  /** Drops what has not been taken. */
  readonly stop: () => Promise<void>;
}

/** A request with the master key. */
export interface Wish {
  readonly method: "PUT" | "DELETE" | "POST";
  readonly path: string;
  readonly body?: string;
}

/** @param isListening whether it is worth trying */
export function startCourier(
  address: string,
  keys: Readonly<Record<KeyName, string>>,
  isListening: () => boolean,
): Courier {
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  let sent = 0;
  let lastWish = Promise.resolve();

  const bring = async (isDone: () => Promise<boolean>, afterMs: number): Promise<void> => {
    await pause(afterMs, stopping.signal);
    while (!stopping.signal.aborted && !(isListening() && (await isDone()))) await pause(80, stopping.signal);
  };
  const keep = (bringing: Promise<void>) => {
    const kept = bringing.finally(() => running.delete(kept));
    running.add(kept);
    return kept;
  };

  /** Without a copy it is lost. */
  const send = (news: RegistryNews, fate: EventFate) => {
    for (const afterMs of fate) {
      sent += 1;
      const delivery = sent % 2 === 0 ? eventGridDelivery(news) : distributionDelivery(news);
      void keep(bring(() => isTaken(address, keys[delivery.key], delivery, stopping.signal), afterMs));
    }
  };

  const ask = (wish: Wish) => {
    const { method, path, body } = wish;
    const headers = { "content-type": "application/json" };
    const isDone = () => isTaken(address, keys.master, { method, path, headers, body }, stopping.signal);
    lastWish = lastWish.then(() => bring(isDone, 0));
    return keep(lastWish);
  };

  return {
    send,
    ask,
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

/** What is to be deleted may have been by the time before, whose answer was lost. */
async function isTaken(
  address: string,
  key: string,
  {
    method = "POST",
    path,
    headers,
    body,
  }: Pick<Delivery, "path" | "headers"> & { readonly method?: string; readonly body?: string | undefined },
  stop: AbortSignal,
): Promise<boolean> {
  try {
    const response = await fetch(`${address}${path}`, {
      method,
      headers: { ...headers, "x-functions-key": key },
      ...(body !== undefined && { body }),
      signal: AbortSignal.any([stop, AbortSignal.timeout(5_000)]),
    });
    await response.body?.cancel();
    return response.ok || (method === "DELETE" && response.status === 404);
  } catch {
    return false;
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await setTimeout(milliseconds, undefined, { signal }).catch(() => undefined);
}
