import type { Database } from "../open-database.ts";
import { EntityNotFoundError } from "./broker-errors.ts";
import { checkDeclarations } from "./check-declarations.ts";
import { deadLetterPath, subscriptionPath, type EntityDeclarations, type SubscriptionDeclaration } from "./entities.ts";
import type { Content } from "./stored-message.ts";
import { subscriptionMatcher } from "./subscription-matcher.ts";

/** What can be sent to: a queue, which is its own only destination, or a topic, whose subscriptions are. */
export interface Target {
  readonly id: number;
  readonly path: string;
  readonly duplicateDetectionWindowMs: number | undefined;
  readonly defaultTimeToLiveMs: number | undefined;
  readonly destinations: readonly Destination[];
}

export interface Destination {
  readonly source: Source;
  readonly matches: (content: Content) => boolean;
}

/** What can be received from: a queue, a subscription, or the dead-letter queue of either. */
export interface Source {
  readonly id: number;
  readonly path: string;
  readonly lockDurationMs: number;
  /** Missing for a dead-letter queue: nothing leaves it but by completion. */
  readonly rules: SourceRules | undefined;
}

export interface SourceRules {
  readonly maxDeliveryCount: number;
  readonly defaultTimeToLiveMs: number | undefined;
  readonly deadLetterOnExpiration: boolean;
  readonly deadLetters: Source;
}

export interface BrokerEntities {
  /** Queues and subscriptions. */
  readonly sources: readonly Source[];
  /** These throw EntityNotFoundError. */
  readonly target: (path: string) => Target;
  readonly origin: (path: string) => Origin;
  readonly counted: (path: string) => Origin | Target;
}

/** A source, with those whose messages have to be looked after before its own are complete. */
export interface Origin {
  readonly source: Source;
  /** Where its scheduled messages wait. */
  readonly feed: Target;
  /** Of a dead-letter queue: the source whose dead letters it holds; otherwise the source itself. */
  readonly main: Source;
}

/** Each path keeps its id for good, so messages find their entity again after a restart. */
export function brokerEntities(declarations: EntityDeclarations, database: Database): BrokerEntities {
  checkDeclarations(declarations);
  const targets: Target[] = [];
  const origins: Origin[] = [];

  for (const queue of declarations.queues ?? []) {
    const source = declareSource(queue.name, queue, database);
    targets.push({
      id: source.id,
      path: queue.name,
      duplicateDetectionWindowMs: queue.duplicateDetectionWindowMs,
      defaultTimeToLiveMs: queue.defaultTimeToLiveMs,
      destinations: [{ source, matches: () => true }],
    });
  }
  for (const topic of declarations.topics ?? []) {
    targets.push({
      id: idOf(topic.name, database),
      path: topic.name,
      duplicateDetectionWindowMs: topic.duplicateDetectionWindowMs,
      defaultTimeToLiveMs: topic.defaultTimeToLiveMs,
      destinations: topic.subscriptions.map((subscription) => ({
        source: declareSource(subscriptionPath(topic.name, subscription.name), subscription, database),
        matches: subscriptionMatcher(subscription.filter),
      })),
    });
  }
  for (const feed of targets) {
    for (const { source: main } of feed.destinations) {
      origins.push({ source: main, feed, main });
      if (main.rules) origins.push({ source: main.rules.deadLetters, feed, main });
    }
  }

  const targetOf = new Map(targets.map((target) => [target.path.toLowerCase(), target]));
  const originOf = new Map(origins.map((origin) => [origin.source.path.toLowerCase(), origin]));
  return {
    sources: targets.flatMap(({ destinations }) => destinations.map(({ source }) => source)),
    target: (path) => targetOf.get(path.toLowerCase()) ?? missing(path, "queue or topic"),
    origin: (path) => originOf.get(path.toLowerCase()) ?? missing(path, "queue or subscription"),
    counted: (path) => originOf.get(path.toLowerCase()) ?? targetOf.get(path.toLowerCase()) ?? missing(path, "entity"),
  };
}

function declareSource(path: string, declaration: Omit<SubscriptionDeclaration, "filter">, database: Database): Source {
  const { lockDurationMs = 60_000, maxDeliveryCount = 10, defaultTimeToLiveMs } = declaration;
  const deadLetters = {
    id: idOf(deadLetterPath(path), database),
    path: deadLetterPath(path),
    lockDurationMs,
    rules: undefined,
  };
  return {
    id: idOf(path, database),
    path,
    lockDurationMs,
    rules: {
      maxDeliveryCount,
      defaultTimeToLiveMs,
      deadLetterOnExpiration: declaration.deadLetterOnExpiration ?? false,
      deadLetters,
    },
  };
}

function idOf(path: string, database: Database): number {
  database.run("INSERT INTO entity (path) VALUES (?) ON CONFLICT DO NOTHING", path);
  return Number(database.get("SELECT id FROM entity WHERE path = ?", path)?.["id"]);
}

function missing(path: string, use: string): never {
  throw new EntityNotFoundError(path, use);
}
