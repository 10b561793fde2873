import { InvalidEntityError } from "./broker-errors.ts";
import type { EntityDeclarations, QueueDeclaration, SubscriptionDeclaration, TopicDeclaration } from "./entities.ts";

/** Refuses what Service Bus would refuse when the same entities are made there. */
export function checkDeclarations({ queues = [], topics = [] }: EntityDeclarations): void {
  checkNames([...queues, ...topics], 260);
  for (const queue of queues) {
    checkReceiving(queue);
    checkWindow(queue);
  }
  for (const topic of topics) {
    checkWindow(topic);
    checkPositive(topic.name, "defaultTimeToLiveMs", topic.defaultTimeToLiveMs);
    checkNames(topic.subscriptions, 50);
    for (const subscription of topic.subscriptions) checkReceiving(subscription);
  }
}

function checkNames(named: readonly { readonly name: string }[], longest: number): void {
  const seen = new Set<string>();
  for (const { name } of named) {
    if (
      !/^[A-Za-z0-9]([\w./~-]*[A-Za-z0-9])?$/.test(name) ||
      name.length > longest ||
      /\/subscriptions\//i.test(name)
    ) {
      throw new InvalidEntityError(
        `"${name}" is no name for a queue, topic or subscription: letters, digits and . _ - / ~ are allowed, ` +
          `a letter or digit at both ends, at most ${longest} characters.`,
      );
    }
    if (seen.has(name.toLowerCase())) {
      throw new InvalidEntityError(`"${name}" is declared twice (letter case does not make a difference).`);
    }
    seen.add(name.toLowerCase());
  }
}

function checkReceiving({ name, ...declared }: SubscriptionDeclaration): void {
  checkPositive(name, "lockDurationMs", declared.lockDurationMs);
  checkPositive(name, "maxDeliveryCount", declared.maxDeliveryCount);
  checkPositive(name, "defaultTimeToLiveMs", declared.defaultTimeToLiveMs);
  if ((declared.lockDurationMs ?? 0) > LONGEST_LOCK_MS) {
    throw new InvalidEntityError(
      `"${name}": a lock lasts 5 minutes (${LONGEST_LOCK_MS} ms) at most; renew it instead.`,
    );
  }
}

function checkWindow({ name, duplicateDetectionWindowMs: window }: QueueDeclaration | TopicDeclaration): void {
  if (window !== undefined && !(window >= SHORTEST_WINDOW_MS && window <= LONGEST_WINDOW_MS)) {
    throw new InvalidEntityError(`"${name}": duplicateDetectionWindowMs has to be from 20 seconds to 7 days.`);
  }
}

function checkPositive(entity: string, setting: string, value: number | undefined): void {
  if (value === undefined || (Number.isSafeInteger(value) && value > 0)) return;
  throw new InvalidEntityError(`"${entity}": ${setting} has to be a whole number above 0, not ${value}.`);
}

const LONGEST_LOCK_MS = 5 * 60_000;
const SHORTEST_WINDOW_MS = 20_000;
const LONGEST_WINDOW_MS = 7 * 24 * 60 * 60_000;
