import { retryAfterMs } from './retry-after.ts';

/** Header names in lower case. */
export type AnswerHeaders = Readonly<Record<string, string>>;

/** An answer of Graph to one request, alone or as item of a batch. */
export interface Answer {
  kind: 'answer';
  status: number;
  headers: AnswerHeaders;
  /** Parsed JSON; undefined for an empty body. */
  body: unknown;
  /** When it was sent, by the local clock. */
  sentAt: number;
  /** A moment not later than the sending, by Graph's clock; null when the answer has no `Date`. */
  sentAtServer: number | null;
  /** The answer's `Date`, by Graph's clock. */
  date: number | null;
}

/** No answer, or one that can't be read. */
export interface Lost {
  kind: 'lost';
  reason: string;
  /** `no` when the request can't have reached Graph (refused connection, unknown host). */
  acted: 'no' | 'unknown';
  /** No answer within the time that a call is given. */
  timedOut?: boolean;
  /** Coming again changes nothing: a certificate that is not trusted, a proxy that wants a sign-in. */
  lasting?: boolean;
  /** When it was sent, by the local clock. */
  sentAt: number;
}

/** The request was withdrawn before it left. */
export interface NotSent {
  kind: 'notSent';
}

export type Reply = Answer | Lost;

export const isSuccess = (answer: Answer): boolean => answer.status >= 200 && answer.status < 300;

/**
 * True when the service said that it did not act and asks to come again: 429, and 503 with `Retry-After`. Anything else
 * in the 5xx range may have been carried out.
 */
export const isDeferred = (answer: Answer): boolean =>
  answer.status === 429 || (answer.status === 503 && answer.headers['retry-after'] !== undefined);

/** True for the answers behind which the request may or may not have been carried out. */
export const isAmbiguous = (answer: Answer): boolean => answer.status >= 500 && !isDeferred(answer);

/** How long the answer asks to wait; null when it does not say. */
export const waitAsked = (answer: Answer, now: number): number | null =>
  // A date in Retry-After is the service's own time, whatever the local clock says.
  retryAfterMs(answer.headers['retry-after'], answer.date ?? now);
