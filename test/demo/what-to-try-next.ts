import type { Lab } from "../support/lab.ts";

/** Lines that work as they stand while the demo keeps running. */
export function whatToTryNext(lab: Lab): string {
  const { url } = lab.tidewatch.functions;
  const key = `-H "x-functions-key: ${lab.keys.default}"`;
  return `Still running (Ctrl+C ends it). Try:

  curl -s ${key} ${url}/api/images
  curl -s ${key} ${url}/api/vulnerabilities/CVE-2021-23337/images
  curl -s ${key} -X POST -d '{"image":"${lab.registry.host}/shop/web:1.0"}' ${url}/api/scans
  curl -s -H "x-functions-key: ${lab.keys.master}" ${url}/admin/functions
`;
}
