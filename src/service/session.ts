import type { MessageId } from '../protocol/envelope.ts';
import { errorNumbers, RequestError } from '../protocol/errors.ts';
import type { CancelParams } from '../protocol/messages.ts';
import { checkParams, isHostMethod } from './validate.ts';
import { HostRequests } from './host-requests.ts';
import type { MessageWriter } from './message-writer.ts';
import { isLookUp, LookUps } from './look-ups.ts';
import { faultOfLine } from './line-limits.ts';
import { OpenRequests } from './open-requests.ts';
import { Runs, type RunsParts } from './runs.ts';
import { shownText } from './shown-text.ts';
import { TenantDoor } from './tenant-door.ts';

export interface SessionParts extends Omit<RunsParts, 'host' | 'send' | 'tenants'> {
  writer: MessageWriter;
}

/** One conversation with a host: reads its messages, hands them on, and sees that each request gets exactly one reply. */
export class Session {
  readonly #writer: MessageWriter;
  readonly #host: HostRequests;
  readonly #runs: Runs;
  readonly #lookUps: LookUps;
  readonly #open = new OpenRequests();
  #ending = false;

  constructor(parts: SessionParts) {
    this.#writer = parts.writer;
    const send = this.#writer.send.bind(this.#writer);
    this.#host = new HostRequests(send);
    const tenants = new TenantDoor(parts.connector, this.#host);
    this.#runs = new Runs({ ...parts, tenants, host: this.#host, send });
    this.#lookUps = new LookUps({ ...parts, tenants, send });
  }

  /** Takes one line: a message or an array of messages. */
  receive(line: string): void {
    const fault = faultOfLine(line);
    if (fault !== null) {
      this.#fail(null, new RequestError('ParseError', fault));
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse(line);
    } catch {
      this.#fail(null, new RequestError('ParseError', `This line is no JSON: ${excerpt(line)}`));
      return;
    }
    const messages: unknown[] = Array.isArray(message) ? message : [message];
    const length = Math.ceil(line.length / Math.max(1, messages.length));
    for (const one of messages) this.#take(one, length);
  }

  /** A line was too long to be read. */
  refuseLine(): void {
    this.#fail(null, new RequestError('ParseError', 'This line is too long.'));
  }

  /** stdin has ended: cancels what has not been sent and resolves when everything is settled or `ms` are over. */
  async end(ms: number): Promise<void> {
    this.#ending = true;
    this.#host.close();
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<void>(resolve => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.#runs.stopAll().then(() => this.#writer.flushed()), bound]);
    clearTimeout(timer);
  }

  #take(message: unknown, length: number): void {
    const { id, method, params, result, error } = (message ?? {}) as Record<string, unknown>;
    const known = typeof id === 'number' || (typeof id === 'string' && id.length <= longestId) ? id : null;
    if (typeof method !== 'string') {
      if (known !== null && (result !== undefined || error !== undefined)) {
        this.#host.settle(message as Parameters<HostRequests['settle']>[0]);
      } else {
        const shown = excerpt(JSON.stringify(message) ?? '');
        this.#fail(
          known,
          new RequestError('InvalidRequest', `This is neither a request nor a reply: ${shown}`),
        );
      }
    } else if (method === '$/cancelRequest') {
      this.#cancel(params);
    } else if (known === null) {
      const wanted = `an id, a number or a string of at most ${longestId} characters`;
      this.#fail(null, new RequestError('InvalidRequest', `${excerpt(method)} needs ${wanted}.`));
    } else {
      void this.#answer(known, method, params, length);
    }
  }

  async #answer(id: MessageId, method: string, params: unknown, length: number): Promise<void> {
    let signal: AbortSignal;
    try {
      if (this.#ending) throw new RequestError('EngineStopping', 'The engine is leaving.');
      if (!isHostMethod(method) || method === '$/cancelRequest') {
        throw new RequestError('MethodNotFound', `This engine has no method ${excerpt(method)}.`);
      }
      checkParams(method, params);
      signal = this.#open.take(id, length);
    } catch (error) {
      this.#fail(id, error);
      return;
    }
    try {
      const result = isLookUp(method)
        ? await this.#lookUps[method](params as never, signal)
        : await this.#runs[method](params as never, signal);
      this.#writer.send({ jsonrpc: '2.0', id, result });
    } catch (error) {
      this.#fail(id, error);
    } finally {
      this.#open.release(id);
    }
  }

  #cancel(params: unknown): void {
    let what: CancelParams;
    try {
      checkParams('$/cancelRequest', params);
      what = params as CancelParams;
    } catch (error) {
      this.#fail(null, error);
      return;
    }
    if (what.id !== undefined) this.#open.abort(what.id);
    if (what.runId !== undefined) this.#runs.cancel(what.runId);
    else this.#runs.sweep();
  }

  #fail(id: MessageId | null, error: unknown): void {
    const code = error instanceof RequestError ? error.code : 'InternalError';
    const message = shownText(error instanceof Error ? error.message : String(error));
    this.#writer.send({ jsonrpc: '2.0', id, error: { code: errorNumbers[code], message, data: { code } } });
  }
}

const longestId = 200;

const excerpt = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 77)}...` : text);
