import type { IncomingHttpHeaders, IncomingMessage } from "node:http";

export interface SeenRequest {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly authorized: boolean;
}

/** The latest 10,000 requests, oldest first. */
export interface RequestLog {
  readonly all: () => readonly SeenRequest[];
  readonly matching: (method: string, path: RegExp) => readonly SeenRequest[];
  readonly clear: () => void;
  readonly note: (request: IncomingMessage) => void;
}

export function requestLog(): RequestLog {
  const seen: SeenRequest[] = [];
  return {
    all: () => [...seen],
    matching: (method, path) => seen.filter((request) => request.method === method && path.test(request.path)),
    clear: () => void seen.splice(0),
    note: ({ method = "", url = "", headers }) => {
      seen.push({ method, path: url, headers, authorized: headers.authorization !== undefined });
      if (seen.length > 10_000) seen.shift();
    },
  };
}
