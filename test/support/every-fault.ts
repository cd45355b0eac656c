import type { FaultKind } from '../../src/simulator/simulated-tenant.ts';

/** Every kind of fault at the same rate, which is a share of the requests. */
export const everyFault = (rate: number): Record<FaultKind, number> => ({
  throttle: rate,
  serverError: rate,
  unavailable: rate,
  gatewayTimeout: rate,
  reset: rate,
  lostAnswer: rate,
  slow: rate,
  truncated: rate,
  missingItem: rate,
  html: rate,
});
