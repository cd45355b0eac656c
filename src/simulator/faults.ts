import { GraphError } from './graph-error.ts';
import { Random } from './random.ts';
import { throttledHeaders } from './throttle.ts';

/**
 * What can go wrong on request:
 * - `throttle`: 429 with Retry-After as integer, decimal or date, of a request or of a batch item
 * - `serverError`: 500 or 502, nothing done
 * - `unavailable`: 503 with or without Retry-After, nothing done
 * - `gatewayTimeout`: 504 with an empty message; half of them after the request was carried out
 * - `reset`: the connection is dropped before anything is done
 * - `lostAnswer`: carried out, then the connection is dropped
 * - `slow`: answered late
 * - `truncated`: 200 with half of the body, carried out; half of them also cut the connection
 * - `missingItem`: a batch reply that lacks one item, carried out
 * - `html`: the page of a captive portal with status 200, nothing done
 */
export type FaultKind =
  | 'throttle'
  | 'serverError'
  | 'unavailable'
  | 'gatewayTimeout'
  | 'reset'
  | 'lostAnswer'
  | 'slow'
  | 'truncated'
  | 'missingItem'
  | 'html';

/** Probability of each kind, 0 to 1; a kind that is left out never happens. */
export type Faults = Partial<Record<FaultKind, number>>;

/** What the network does to a request, as against what the service answers. */
export type NetworkFault = Extract<
  FaultKind,
  'reset' | 'lostAnswer' | 'slow' | 'truncated' | 'missingItem' | 'html'
>;

const networkFaults: readonly NetworkFault[] = [
  'reset',
  'html',
  'slow',
  'lostAnswer',
  'truncated',
  'missingItem',
];

/** What the service answers instead of doing its work; with `acted` after doing it. */
export interface ServiceFault {
  error: GraphError;
  acted: boolean;
}

/** Decides from the seed what goes wrong. Each kind draws from a sequence of its own. */
export class FaultSource {
  readonly #seed: number;
  readonly #sequences = new Map<FaultKind, Random>();
  readonly #details: Random;
  #faults: Faults;

  constructor(seed: number, faults: Faults) {
    this.#seed = seed;
    this.#faults = faults;
    this.#details = new Random(seed, 'fault details');
  }

  set(faults: Faults): void {
    this.#faults = faults;
  }

  /** At most one per HTTP request; only a batch reply can lack an item. */
  network(isBatch: boolean): NetworkFault | undefined {
    const struck = networkFaults.filter(kind => (isBatch || kind !== 'missingItem') && this.#strikes(kind));
    return struck[0];
  }

  /** At most one per HTTP request and per batch item. */
  service(appId: string, tenantId: string, now: number): ServiceFault | undefined {
    if (this.#strikes('throttle')) {
      const headers = throttledHeaders(this.#retryAfter(now), appId, tenantId, 'ReadWrite');
      return {
        error: new GraphError(429, 'TooManyRequests', 'Please retry again later.', headers),
        acted: false,
      };
    }
    if (this.#strikes('serverError')) {
      const [status, code] = this.#details.pick([
        [500, 'InternalServerError'],
        [500, 'generalException'],
        [502, 'BadGateway'],
      ] as const);
      return { error: new GraphError(status, code, 'An internal server error occurred.'), acted: false };
    }
    if (this.#strikes('unavailable')) {
      const headers: Record<string, string> =
        this.#details.below(2) === 0 ? { 'Retry-After': this.#retryAfter(now) } : {};
      const code = this.#details.pick(['serviceNotAvailable', 'ServiceUnavailable']);
      return { error: new GraphError(503, code, 'The service is unavailable.', headers), acted: false };
    }
    if (this.#strikes('gatewayTimeout')) {
      return { error: new GraphError(504, 'UnknownError', ''), acted: this.#details.below(2) === 0 };
    }
    return undefined;
  }

  /** True in half of the cases, for faults that come in two forms. */
  coin(): boolean {
    return this.#details.below(2) === 0;
  }

  /** Which of `count` things it hits. */
  victim(count: number): number {
    return this.#details.below(count);
  }

  #strikes(kind: FaultKind): boolean {
    const probability = this.#faults[kind] ?? 0;
    if (probability <= 0) return false;
    const known = this.#sequences.get(kind);
    const sequence = known ?? new Random(this.#seed, `fault ${kind}`);
    if (!known) this.#sequences.set(kind, sequence);
    return sequence.next() < probability;
  }

  /** Integer, decimal and constant small values have all been seen (graph-facts 1.9); a date is the standard's other form. */
  #retryAfter(now: number): string {
    const forms = ['1', '2', '2.128', '0.249', new Date(now + 2000).toUTCString()];
    return this.#details.pick(forms);
  }
}
