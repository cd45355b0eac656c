import type { OutcomeEntry } from '../../src/journal/entry.ts';

/** The row of somebody who was revoked, as a record has it. */
export const rowOnRecord: OutcomeEntry['row'] = {
  reference: 'u1@x',
  userId: 'id-1',
  userPrincipalName: 'u1@x',
  displayName: null,
  accountEnabled: true,
  outcome: 'Revoked',
  succeeded: true,
  severity: 'none',
  revokedAt: null,
  sessionsValidFrom: null,
  accessTokensExpireBy: null,
  attempts: 1,
  requestId: null,
  detail: null,
};
