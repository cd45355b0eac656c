import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditQuery } from '../../src/operations/audit-query.ts';
import { kqlComment, kqlString, powerShellString } from '../../src/operations/kql.ts';
import type { RecordedCalls } from '../../src/operations/recorded-calls.ts';
import { fetcherOf } from '../support/simulated-run.ts';
import { plainUsers, recordedRun } from '../support/recorded-run.ts';

const hostile =
  'x"; AuditLogs | where 1 == 1 //\\"\n| take 5\r\u2028| count\u2029`$(Get-Date)\u201d\u202e\u0000';
const lineBreaks = /[\r\n\u0085\u2028\u2029]/;

/** The calls with another actor, reason and tenant name than they had. */
function with_(calls: RecordedCalls, actor: object, begin: object = {}): RecordedCalls {
  const actors = calls.actors.map(a => ({ ...a, ...actor }));
  return { ...calls, actors, run: { ...calls.run, begin: { ...calls.run.begin, ...begin } } };
}

/** Takes a query of Kusto apart: its strings, and what is left when they and the comments are taken out. */
function dissect(kql: string): { strings: string[]; rest: string } {
  const strings: string[] = [];
  const token = /\/\/[^\r\n\u2028\u2029]*|"((?:[^"\\\r\n\u2028\u2029]|\\["\\])*)"/g;
  const rest = kql.replace(token, (whole: string, text?: string) => {
    if (whole.startsWith('//')) return '';
    strings.push((text ?? '').replace(/\\(.)/g, '$1'));
    return '?';
  });
  return { strings, rest };
}

test('the Kusto query names the operation, the time with its margins, the person and everybody who was revoked', async () => {
  const { calls, tenant } = await recordedRun(plainUsers(3), {
    persona: 'userAdministrator',
    reason: 'INC-7',
  });
  const { kql, from, to, users } = auditQuery(calls);
  expect(kql).toHaveLength(1);
  const { strings, rest } = dissect(kql[0] ?? '');
  expect(users).toBe(3);
  expect(strings).toEqual([
    ...plainUsers(3)(tenant).map(u => u.id),
    'Update StsRefreshTokenValidFrom Timestamp',
    tenant.persona('userAdministrator').id,
    calls.run.begin.runId,
    'INC-7',
  ]);
  expect(rest).toContain('| where tostring(InitiatedBy.user.id) =~ ?');
  expect(rest).toContain(`ActivityDateTime between (datetime(${from}) .. datetime(${to}))`);
  expect(Date.parse(from ?? '')).toBeLessThanOrEqual(Date.parse('2026-11-23T09:55:00Z'));
  expect(Date.parse(to ?? '')).toBeGreaterThanOrEqual(Date.parse('2026-11-23T10:05:00Z'));
  const generated = /TimeGenerated between \(datetime\((\S+)\) \.\. datetime\((\S+)\)\)/.exec(rest);
  expect(generated?.[1]).toBe(from);
  expect(Date.parse(generated?.[2] ?? '') - Date.parse(to ?? '')).toBe(24 * 3_600_000);
});

test('an app is looked for by its service principal and its own id, in Kusto and behind the Graph query', async () => {
  const { calls, tenant } = await recordedRun(plainUsers(1));
  const { servicePrincipalId, appId } = tenant.apps.confidential;
  const { kql, graph, powershell } = auditQuery(calls);
  expect(kql[0]).toContain(
    `| where tostring(InitiatedBy.app.servicePrincipalId) =~ "${servicePrincipalId}" or tostring(InitiatedBy.app.appId) =~ "${appId}"`,
  );
  expect(decodeURIComponent(graph[0] ?? '')).not.toContain('initiatedBy');
  expect(powershell[0]).toMatch(
    new RegExp(
      `\\| Where-Object \\{ \\$_\\.InitiatedBy\\.App\\.ServicePrincipalId -eq "${servicePrincipalId}" \\}$`,
    ),
  );
});

test.each(['app', 'userAdministrator'] as const)(
  'the Graph query of a run by %s finds exactly its revocations in the log',
  async persona => {
    const { calls, tenant } = await recordedRun(plainUsers(5), { persona });
    if (persona !== 'app') tenant.revokeElsewhere(tenant.persona('member').id, { by: 'globalAdministrator' });
    const { graph } = auditQuery(calls);
    expect(graph).toHaveLength(1);
    expect(graph[0]).toMatch(/^http:\/\/127\.0\.0\.1:1\/v1\.0\/auditLogs\/directoryAudits\?[\x21-\x7e]+$/);
    const token = tenant.issueToken({ persona: 'app', permissions: ['AuditLog.Read.All'] });
    const answer = await fetcherOf(tenant)(graph[0] ?? '', { headers: { authorization: `Bearer ${token}` } });
    const { value } = (await answer.json()) as { value: { targetResources: { id: string }[] }[] };
    const found = value.map(e => e.targetResources[0]?.id);
    expect(found.sort()).toEqual(
      plainUsers(5)(tenant)
        .map(u => u.id)
        .sort(),
    );
  },
);

test('external users and refused calls are not asked for, and the notes say so', async () => {
  const { calls, rows } = await recordedRun(t => [
    ...plainUsers(1)(t),
    ...t.users.filter(u => u.external).slice(0, 2),
  ]);
  const query = auditQuery(calls);
  expect(query).toMatchObject({ users: 1, notExpected: 2 });
  const guest = rows.find(r => r.outcome === 'NoEffect')?.userId ?? 'nobody';
  expect(query.kql.join()).not.toContain(guest);
  expect(query.notes.join()).toContain('2 more were called and are not in the log');
});

test('thousands of users are spread over several queries, nobody twice and nobody lost', async () => {
  const { calls } = await recordedRun(plainUsers(1));
  const [first] = calls.users;
  if (!first) throw new Error('nobody was called');
  const users = Array.from({ length: 12_345 }, (_, i) => ({ ...first, userId: `user-${i}` }));
  const { kql, graph } = auditQuery({ ...calls, users });
  expect(kql).toHaveLength(3);
  expect(graph).toHaveLength(1);
  expect(kql[2]).toMatch(/^\/\/ .*: 2345 users, .* \(query 3 of 3\)$/m);
  const named = kql.flatMap(one => dissect(one).strings.filter(s => s.startsWith('user-')));
  expect(named).toEqual(users.map(u => u.userId));
});

test('who resumed a run is looked for, too; who is not known may be anybody', async () => {
  const { calls } = await recordedRun(plainUsers(1), { persona: 'userAdministrator' });
  const [actor] = calls.actors;
  if (!actor) throw new Error('there is no actor');
  const two = auditQuery({ ...calls, actors: [actor, { ...actor, objectId: 'other' }] });
  expect(two.kql[0]).toContain(`=~ "${actor.objectId}" or tostring(InitiatedBy.user.id) =~ "other"`);
  expect(two.graph).toHaveLength(2);
  const unknown = auditQuery({ ...calls, actors: [actor, { ...actor, objectId: null }] });
  expect(unknown.kql[0]).not.toContain('InitiatedBy.user.id) =~');
  expect(unknown.notes.join()).toContain('does not tell who signed in');
});

test('a run in which nobody was called has nothing to look for', async () => {
  const { calls } = await recordedRun(() => []);
  const { kql, graph, powershell, notes } = auditQuery(calls);
  expect([kql, graph, powershell]).toEqual([[], [], []]);
  expect(notes).toEqual([expect.stringContaining('nothing to look for')]);
});

test('hostile names neither end their string nor their line', async () => {
  const { calls } = await recordedRun(plainUsers(1), { persona: 'userAdministrator' });
  const plain = dissect(auditQuery(calls).kql[0] ?? '').rest;
  const bad = with_(
    calls,
    { account: hostile, objectId: hostile, clientId: hostile },
    { reason: hostile, runId: hostile },
  );
  const users = bad.users.map(u => ({ ...u, userId: hostile }));
  const { kql, graph, powershell } = auditQuery({ ...bad, users });
  expect(dissect(kql[0] ?? '').rest).toBe(plain);
  for (const line of [...graph, ...powershell]) expect(line).not.toMatch(lineBreaks);
  expect(graph[0]).toMatch(/^[\x21-\x7e]+$/);
  const filter = new URL(graph[0] ?? '').searchParams.get('$filter') ?? '';
  expect(filter.replace(/'(?:[^']|'')*'/g, '?')).toMatch(/ and initiatedBy\/user\/id eq \?$/);
});

test('whatever the text is, it stays one string of Kusto, one comment, one string of PowerShell', () => {
  const text = fc.string({
    unit: fc.constantFrom('"', "'", '\\', '\n', '\r', '\u2028', '\u201c', '$', '`', 'a', '/'),
  });
  fc.assert(
    fc.property(text, one => {
      expect(kqlString(one)).toMatch(/^"(?:[^"\\\r\n\u2028\u2029]|\\["\\])*"$/);
      expect(kqlComment(one)).not.toMatch(lineBreaks);
      expect(powerShellString(one)).toMatch(/^"(?:[^"`$\u201c\u201d\u201e\r\n]|`["`$\u201c\u201d\u201e])*"$/);
    }),
  );
});
