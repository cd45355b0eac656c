import type { ServiceAnswer } from './service.ts';

/** What goes back over the wire, or that nothing does. */
export interface SimulatedAnswer {
  /** `drop`: the connection ends without an answer. */
  readonly kind: 'answer' | 'drop';
  /** 0 for `drop`. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The connection ends after this part of the body, although the headers promise more. */
  readonly cut?: boolean;
  /** With `drop`: reset rather than closed. */
  readonly reset?: boolean;
}

const diagnostic = JSON.stringify({
  ServerInfo: {
    DataCenter: 'Simulated',
    Slice: 'E',
    Ring: '5',
    ScaleUnit: '010',
    RoleInstance: 'SIMULATED0001',
  },
});

/** Adds what every answer of Graph carries (graph-facts 1.3). The date is taken last: a write comes before it. */
export function writeOut(
  answer: ServiceAnswer,
  requestId: string,
  clientRequestId: string,
  now: number,
): SimulatedAnswer {
  const body = typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
  const headers = {
    ...answer.headers,
    'request-id': requestId,
    'client-request-id': clientRequestId,
    'x-ms-ags-diagnostic': diagnostic,
    'Strict-Transport-Security': 'max-age=31536000',
    Date: new Date(now).toUTCString(),
  };
  return { kind: 'answer', status: answer.status, headers, body };
}

export const dropped = (reset: boolean): SimulatedAnswer => ({
  kind: 'drop',
  status: 0,
  headers: {},
  body: '',
  reset,
});

/** Half of the answer; the connection may end with it. */
export function truncated(answer: SimulatedAnswer, cut: boolean): SimulatedAnswer {
  return { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)), cut };
}

/** What a captive portal or a filtering proxy puts in the place of the answer. */
export function captivePortal(now: number): SimulatedAnswer {
  const headers = {
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    Date: new Date(now).toUTCString(),
  };
  const body =
    '<!DOCTYPE html><html><head><title>Guest Wi-Fi</title></head><body><h1>Please accept the terms of use</h1></body></html>';
  return { kind: 'answer', status: 200, headers, body };
}
