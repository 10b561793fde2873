/** How many days of 24 hours what is kept. */
export interface RetentionPolicy {
  /** What became known of an image, in every detail. Older than that, all of it is summed up in one entry. */
  readonly historyDays: number;
  /** SBOMs that a newer one has replaced, or whose image is gone. */
  readonly sbomDays: number;
  readonly alertDays: number;
  readonly deliveryDays: number;
  /** All that is known of an image that is gone. */
  readonly goneImageDays: number;
  readonly deadLetterDays: number;
}

export const defaultRetentionPolicy: RetentionPolicy = {
  historyDays: 365,
  sbomDays: 90,
  alertDays: 30,
  deliveryDays: 14,
  goneImageDays: 30,
  deadLetterDays: 90,
};
