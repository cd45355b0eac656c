import type { RevocationResult } from './row.ts';

/** What a row has, in its order. */
export const rowFields = [
  'runId',
  'tenantId',
  'reference',
  'userId',
  'userPrincipalName',
  'displayName',
  'accountEnabled',
  'outcome',
  'succeeded',
  'severity',
  'revokedAt',
  'sessionsValidFrom',
  'accessTokensExpireBy',
  'attempts',
  'requestId',
  'detail',
] as const satisfies readonly (keyof RevocationResult)[];
