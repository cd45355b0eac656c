/** A revocation that was carried out. */
export interface SimulatedRevocation {
  readonly userId: string;
  /** Milliseconds since 1970 on the tenant's clock. */
  readonly at: number;
  /** Of the HTTP request that brought it. */
  readonly requestId: string;
  /** False for external users: Graph says yes, and nothing happens (graph-facts 1.6). */
  readonly effective: boolean;
}

/** A request as it arrived and was answered; items of a batch stand behind their batch. */
export interface SimulatedRequest {
  readonly method: string;
  /** With query. */
  readonly path: string;
  /** 0 when the connection was dropped. */
  readonly status: number;
  readonly inBatch: boolean;
  readonly at: number;
}

/** A request while it is being answered: the status comes last. */
export type RequestEntry = { -readonly [Key in keyof SimulatedRequest]: SimulatedRequest[Key] };
