import { expect, test } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { rowFields } from '../../src/protocol/row-fields.ts';
import { packRow } from '../../src/service/text-guard.ts';

const row: RevocationResult = {
  runId: 'a0000000-0000-4000-8000-000000000001',
  tenantId: '11111111-2222-3333-4444-555555555555',
  reference: 'adele@contoso.example',
  userId: '00000000-0000-0000-0000-000000000001',
  userPrincipalName: 'adele@contoso.example',
  displayName: 'Adele Vance',
  accountEnabled: true,
  outcome: 'Unverified',
  succeeded: false,
  severity: 'warning',
  revokedAt: '2030-01-02T03:04:05.000Z',
  sessionsValidFrom: null,
  accessTokensExpireBy: '2030-01-02T05:04:05.000Z',
  attempts: 2,
  requestId: '5b1a7b0e-1c9b-4c57-9d55-0d1d3a6b9f10',
  detail: 'Graph accepted the call.',
};

test('a row travels whole: every value, in the order that both sides know', () => {
  expect(rowFields).toEqual([...Object.keys(row), 'accessUntil', 'because', 'confidence']);
  // A row that does not explain has nothing in the last three.
  expect(packRow(row)).toEqual([...Object.values(row), null, null, null]);
});

test('only what a person or a tenant wrote is guarded against being read as a date', () => {
  const date = '2026-11-23T08:00:00Z';
  const hostile = { ...row, reference: date, userPrincipalName: date, displayName: date, detail: date };
  const packed = packRow({ ...hostile, sessionsValidFrom: date });
  const guarded = rowFields.filter((_, place) => packed[place] === `\u2060${date}`);
  expect(guarded).toEqual(['reference', 'userPrincipalName', 'displayName', 'detail']);
  expect(packed).toContain(date);
});
