import type { HostRequests } from '../protocol/messages.ts';

/** What answers each request of the host; the signal tells that the host withdraws it. */
export type RequestHandlers = {
  [M in keyof HostRequests]: (
    params: HostRequests[M]['params'],
    signal: AbortSignal,
  ) => Promise<HostRequests[M]['result']>;
};
