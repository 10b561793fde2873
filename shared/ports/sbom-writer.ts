/** Makes the SBOM of an image out of the raw report of its scan, without another look at the image. */
export interface SbomWriter {
  /** CycloneDX JSON, as the scanner writes it. Runs at low priority: a scan always comes first. */
  readonly write: (rawReport: Uint8Array, signal?: AbortSignal) => Promise<Uint8Array>;
}
