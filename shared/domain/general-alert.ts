import type { Listed } from "./coverage.ts";
import type { CoverageState } from "./coverage-tally.ts";
import type { Exemption } from "./exemption.ts";
import type { ImageState } from "./image-record.ts";
import type { ImageReference, RegistryHost, Tag } from "./image-reference.ts";
import type { Platform } from "./platform.ts";
import type { DatabaseVersion } from "./scan-report.ts";
import type { SeverityCounts } from "./severity.ts";

/**
 * Alerts that are not about one image. The timers that notice them publish them directly, under an id that follows from
 * what they say, and then remember in a checkpoint that they did: an end in between publishes the same id again.
 */
export type GeneralAlert = ExemptionEnding | DatabaseStale | CoverageGap | PeriodicDigest;

interface AboutNoImage {
  readonly id: string;
  readonly occurredAt: Date;
}

/** Told once per exemption and end: a new `until` is announced anew. */
export interface ExemptionEnding extends AboutNoImage {
  readonly kind: "exemption.ending";
  readonly exemption: Exemption & { readonly until: Date };
}

/** Told once a day while it lasts. That it is over is not told: the next verdicts say with which database they were made. */
export interface DatabaseStale extends AboutNoImage {
  readonly kind: "database.stale";
  readonly database: DatabaseVersion;
  /** Whole hours, rounded down. */
  readonly ageHours: number;
  /** From the settings. */
  readonly limitHours: number;
}

/** A finished walk through a registry found that it is not, or was not, covered whole. */
export interface CoverageGap extends AboutNoImage {
  readonly kind: "coverage.gap";
  readonly registry: RegistryHost;
  /** Manifests that nobody had announced, and those thought gone that are there. They are being scanned. */
  readonly discovered: number;
  /** Manifests on record that the registry said are not there. They are looked at again. */
  readonly missing: number;
  /** Manifests whose last scan failed. */
  readonly failed: number;
  /** What the registry refused to show. */
  readonly unreadable: number;
  /** The report does not speak for the whole registry. */
  readonly partial: boolean;
  readonly report: {
    readonly startedAt: Date;
    readonly finishedAt: Date;
    readonly repositories: Listed;
    readonly tags: Listed;
    /** On record, in all repositories: the sum of `states`. */
    readonly manifests: number;
    readonly states: Readonly<Partial<Record<CoverageState, number>>>;
  };
}

/** The state of everything, at the end of a period. */
export interface PeriodicDigest extends AboutNoImage {
  readonly kind: "digest";
  readonly period: { readonly every: "day" | "week"; readonly from: Date; readonly until: Date };
  /** Of all manifests, those of no images included. */
  readonly images: Readonly<Record<ImageState["kind"], number>>;
  /** Open and not exempted, over all images that are there. One vulnerability in two images counts twice. */
  readonly counts: SeverityCounts;
  readonly exempted: number;
  /** The same at the digest before; missing in the first. */
  readonly before?:
    | {
        readonly at: Date;
        readonly images: Readonly<Record<ImageState["kind"], number>>;
        readonly counts: SeverityCounts;
        readonly exempted: number;
      }
    | undefined;
  /** Images whose first look fell into the period and was not told, since they had been there before. */
  readonly baseline: { readonly images: number; readonly counts: SeverityCounts };
  /** Of the verdicts that stand. Missing when there is none. */
  readonly oldestCheckAt?: Date | undefined;
  /** Those with the most critical findings, then the most high ones; at most {@link maximumWorst}, none without either. */
  readonly worst: readonly WorstImage[];
}

export const maximumWorst = 10;

export interface WorstImage {
  readonly image: ImageReference;
  /** The newest ones, at most three. */
  readonly tags: readonly Tag[];
  readonly platform?: Platform | undefined;
  readonly counts: SeverityCounts;
}
