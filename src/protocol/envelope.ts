import type { EngineNotifications, EngineRequests, HostNotifications, HostRequests } from './messages.ts';

/** A request's id: the asking side chooses it; ids of the two sides do not clash, since replies go to the asker. */
export type MessageId = number | string;

interface Versioned {
  jsonrpc: '2.0';
}

/** A request with its method and parameters. */
export type Request<Table, Method extends keyof Table = keyof Table> = {
  [M in Method]: Versioned & {
    id: MessageId;
    method: M;
    params: Table[M] extends { params: infer P } ? P : never;
  };
}[Method];

export type Notification<Table, Method extends keyof Table = keyof Table> = {
  [M in Method]: Versioned & { method: M; params: Table[M] };
}[Method];

export interface Success<Result = unknown> extends Versioned {
  id: MessageId;
  result: Result;
}

export interface Failure extends Versioned {
  /** Null when the id of the request could not be read. */
  id: MessageId | null;
  error: {
    code: number;
    message: string;
    /** The word for the number, see `errors.ts`. */
    data?: { code: string };
  };
}

/** What the host may send. */
export type HostMessage = Request<HostRequests> | Notification<HostNotifications> | Success | Failure;

/** What the engine may send. */
export type EngineMessage = Request<EngineRequests> | Notification<EngineNotifications> | Success | Failure;
