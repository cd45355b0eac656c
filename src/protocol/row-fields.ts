import type { RevocationResult } from './row.ts';

/** What a row has, in its order; what only -Explain fills comes last. */
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
  'accessUntil',
  'because',
  'confidence',
] as const satisfies readonly (keyof RevocationResult)[];
