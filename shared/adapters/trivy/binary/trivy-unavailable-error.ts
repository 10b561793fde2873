/** There is no Trivy that may be run. The message is for the person at the terminal and ends with what to do. */
export class TrivyUnavailableError extends Error {
  override name = "TrivyUnavailableError";
}
