import { type BatchItem, itemPath, parseBatch, runBatch } from './batch.ts';
import type { FaultSource } from './faults.ts';
import { GraphError } from './graph-error.ts';
import { Random } from './random.ts';
import type { RequestEntry } from './record.ts';
import { refusal, type Service, type ServiceAnswer, type ServiceRequest } from './service.ts';

/** Carries out batches: each item as a request of its own, the replies in an order that nobody should rely on. */
export class BatchService {
  readonly #order: Random;
  readonly #tenantId: string;
  readonly #service: Service;
  readonly #faults: FaultSource;
  readonly #log: RequestEntry[];
  readonly #now: () => number;

  constructor(
    seed: number,
    tenantId: string,
    service: Service,
    faults: FaultSource,
    log: RequestEntry[],
    now: () => number,
  ) {
    this.#order = new Random(seed, 'order of batch replies');
    this.#tenantId = tenantId;
    this.#service = service;
    this.#faults = faults;
    this.#log = log;
    this.#now = now;
  }

  /** With `loseOne` the reply lacks an item, although all are carried out. */
  perform(request: ServiceRequest, loseOne: boolean): ServiceAnswer {
    if (request.method !== 'POST') {
      throw new GraphError(
        405,
        'Request_BadRequest',
        'Specified HTTP method is not allowed for the request target.',
      );
    }
    const items = parseBatch(request.body);
    const fault = this.#faults.service(request.caller.appId, this.#tenantId, this.#now());
    if (fault && !fault.acted) throw fault.error;
    const answers = runBatch(
      items,
      item => this.#item(request, item),
      (_item, error) => refusal(error, request, this.#now()),
    );
    if (fault) throw fault.error;
    const responses = this.#order.shuffle([...answers]).map(([item, answer]) => ({ id: item.id, ...answer }));
    if (loseOne) responses.splice(this.#faults.victim(responses.length), 1);
    return {
      status: 200,
      headers: { 'Cache-Control': 'no-cache', 'Content-Type': 'application/json' },
      body: { responses },
    };
  }

  /** Headers of the batch, the token apart, do not reach its items (graph-facts 2). */
  #item(batch: ServiceRequest, item: BatchItem): ServiceAnswer {
    const path = itemPath(batch.path, item);
    const entry = { method: item.method, path, status: 0, inBatch: true, at: this.#now() };
    this.#log.push(entry);
    const answer = batch.itemChallenge
      ? refusal(batch.itemChallenge, batch, this.#now())
      : this.#service.perform({
          ...batch,
          method: item.method,
          path,
          headers: item.headers,
          body: item.body,
        });
    entry.status = answer.status;
    return answer;
  }
}
