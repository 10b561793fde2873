import type { Step } from "../../../shared/ports/step.ts";
import type { PlannedDatabase } from "./planned-database.ts";

/** One state directory, and the lives of the processes that use it one after the other. */
export interface PlannedRound {
  readonly scanner: "scripted" | "real";
  /** The first is there from the start. */
  readonly databases: readonly PlannedDatabase[];
  readonly lives: readonly PlannedLife[];
}

export interface PlannedLife {
  readonly end: PlannedEnd;
  readonly fault: PlannedFault;
  /** In this order, while the process starts and runs. */
  readonly actions: readonly PlannedAction[];
  /** By how much its clock is ahead of that of the life before, so that attempts put off for hours fall into the run. */
  readonly laterMs: number;
}

/** Whatever is planned, every life ends by SIGKILL. */
export type PlannedEnd =
  /** When it has reached the step for the n-th time; if it does not, some time after it listens. */
  | { readonly kind: "atStep"; readonly step: Step; readonly occurrence: number }
  | { readonly kind: "whileStarting"; readonly afterMs: number }
  | { readonly kind: "whileListening"; readonly afterMs: number };

export const plannedFaults = [
  "none",
  "registry-down",
  "registry-busy",
  "registry-slow",
  "database-source-down",
  "subscriber-down",
  "subscriber-gone",
  "subscriber-slow",
  "answers-lost",
  "disk-low",
  "disk-full",
  "scanner-without-space",
  "scanner-crashes",
  "scanner-hangs",
] as const;

export type PlannedFault = (typeof plannedFaults)[number];

export type PlannedAction =
  | { readonly kind: "push"; readonly image: PlannedImage; readonly fates: readonly EventFate[] }
  /** The same manifest under one more tag. */
  | { readonly kind: "tag"; readonly image: PlannedImage; readonly tag: string; readonly fates: readonly EventFate[] }
  | { readonly kind: "delete"; readonly image: PlannedImage; readonly fates: readonly EventFate[] }
  | { readonly kind: "publishDatabase"; readonly database: number }
  | { readonly kind: "rescan" }
  /** A walk through the registry, if the last one began some minutes ago. */
  | { readonly kind: "walk" }
  | { readonly kind: "exempt"; readonly exemption: PlannedExemption }
  | { readonly kind: "endExemption"; readonly exemption: PlannedExemption }
  /** News that no registry of ours can have sent: it becomes a dead letter, and stays one. */
  | { readonly kind: "strangeNews"; readonly repository: string }
  /** All dead letters are sent again. */
  | { readonly kind: "redrive" };

export interface PlannedExemption {
  readonly id: string;
  readonly by: "api" | "file";
  /** The package that is put up with. */
  readonly package: number;
  /** Missing: in every image. */
  readonly repository?: string | undefined;
  /** From when it is made; missing: until it is taken away. */
  readonly endsAfterMs?: number | undefined;
}

export interface PlannedImage {
  readonly repository: string;
  readonly tag: string;
  /** Packages of each platform; several platforms make an index. */
  readonly platforms: readonly (readonly number[])[];
}

/** What becomes of one event: after how long each of its copies is sent first. No copy: it is lost. */
export type EventFate = readonly number[];
