import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { RevocationResult } from '../../src/protocol/row.ts';
import { SimulatedServer } from '../../src/simulator/simulated-server.ts';
import { SimulatedTenant, type SimulatedUser } from '../../src/simulator/simulated-tenant.ts';
import { usersession } from '../support/command-line.ts';
import { runPowerShell } from './power-shell.ts';
import { builtModule, rowsOf } from './with-engine.ts';

const tenant = new SimulatedTenant();
const find = (fits: (u: SimulatedUser) => boolean): SimulatedUser => {
  const user = tenant.users.find(fits);
  if (!user) throw new Error('the simulated tenant lacks somebody');
  return user;
};
const local = (u: SimulatedUser) => !u.userPrincipalName.includes('#EXT#');
const aliasOwners = (count: number): string => {
  const owners = new Map<string, number>();
  for (const proxy of tenant.users.filter(local).flatMap(u => u.proxyAddresses)) {
    const address = proxy.slice(5).toLowerCase();
    owners.set(address, (owners.get(address) ?? 0) + 1);
  }
  const isName = (address: string) => tenant.users.some(u => u.userPrincipalName.toLowerCase() === address);
  return [...owners].find(([address, n]) => n === count && !isName(address))?.[0] ?? '';
};

const a = find(u => local(u) && u.roles.length === 0 && u.accountEnabled && u.userType === 'Member');
const guest = find(u => !local(u));
const dollar = find(u => u.userPrincipalName.startsWith('$'));
const event = '0f0f0f0f-1111-4222-8333-444444444444';
const falcon = tenant.groups.find(g => g.displayName === 'Project Falcon')?.id;
const graphUser = 'Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser';
const member = (type: string, id: string | undefined) =>
  `& { $m = [Microsoft.Graph.PowerShell.Models.MicrosoftGraphDirectoryObject]::new(); $m.Id = '${id}'; $m.AdditionalProperties['@odata.type'] = '#microsoft.graph.${type}'; $m }`;
const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** Way in; PowerShell that makes it; what a file for the command line holds (none where only a pipe can hold it); who and what it ends as. */
type Entry = [name: string, powerShell: string, json: unknown, outcome: string, userId: string | null];
const entries: Entry[] = [
  ['a user principal name', quoted(a.userPrincipalName), a.userPrincipalName, 'Revoked', a.id],
  [
    'a user principal name in capitals',
    quoted(a.userPrincipalName.toUpperCase()),
    a.userPrincipalName.toUpperCase(),
    'Revoked',
    a.id,
  ],
  ['an object id', quoted(a.id), a.id, 'Revoked', a.id],
  ['a [guid]', `[guid]'${a.id}'`, a.id.toUpperCase(), 'Revoked', a.id],
  [
    'a Graph user',
    `Get-MgUser -UserId '${a.id}'`,
    { id: a.id, userPrincipalName: a.userPrincipalName },
    'Revoked',
    a.id,
  ],
  [
    'a Graph user with all properties null but Id',
    `& { $u = [${graphUser}]::new(); $u.Id = '${a.id}'; $u }`,
    { id: a.id, userPrincipalName: null },
    'Revoked',
    a.id,
  ],
  [
    'a Graph user whose Id is null',
    `& { $u = [${graphUser}]::new(); $u.DisplayName = 'Nobody'; $u }`,
    { id: null, displayName: 'Nobody' },
    'InvalidReference',
    null,
  ],
  [
    'a group member that is a user',
    member('user', a.id),
    { id: a.id, '@odata.type': '#microsoft.graph.user' },
    'Revoked',
    a.id,
  ],
  [
    'a group member that is a device',
    member('device', event),
    { id: event, '@odata.type': '#microsoft.graph.device' },
    'NotAUser',
    event,
  ],
  [
    'a group member that is a group',
    member('group', falcon),
    { id: falcon, '@odata.type': '#microsoft.graph.group' },
    'NotAUser',
    falcon ?? null,
  ],
  [
    'a group member that is a contact',
    member('orgContact', event),
    { id: event, '@odata.type': '#microsoft.graph.orgContact' },
    'NotAUser',
    event,
  ],
  [
    'a group member that is a service principal',
    member('servicePrincipal', event),
    { id: event, '@odata.type': '#microsoft.graph.servicePrincipal' },
    'NotAUser',
    event,
  ],
  [
    'an Entra or AzureAD user',
    `[pscustomobject]@{ ObjectId = '${a.id}'; DisplayName = 'x' }`,
    { ObjectId: a.id, DisplayName: 'x' },
    'Revoked',
    a.id,
  ],
  [
    'an AD user, who has a UPN only',
    `[pscustomobject]@{ UserPrincipalName = ${quoted(a.userPrincipalName)}; SamAccountName = 'x' }`,
    { UserPrincipalName: a.userPrincipalName },
    'Revoked',
    a.id,
  ],
  [
    'a mailbox, whose Id is a name',
    `[pscustomobject]@{ Id = 'Some Name'; ExternalDirectoryObjectId = '${a.id}' }`,
    { Id: 'Some Name', ExternalDirectoryObjectId: a.id },
    'Revoked',
    a.id,
  ],
  [
    'a sign-in row, whose Id is the event',
    `[pscustomobject]@{ Id = '${event}'; UserId = '${a.id}' }`,
    { Id: event, UserId: a.id },
    'Revoked',
    a.id,
  ],
  [
    'a risky user',
    `[pscustomobject]@{ Id = '${a.id}'; RiskLevel = 'high'; UserPrincipalName = $null }`,
    { Id: a.id, RiskLevel: 'high' },
    'Revoked',
    a.id,
  ],
  [
    'a risk detection',
    `[pscustomobject]@{ Id = 'f00'; UserId = '${a.id}'; RiskType = 'x' }`,
    { Id: 'f00', UserId: a.id },
    'Revoked',
    a.id,
  ],
  [
    'a CSV row with "Object Id"',
    `('Object Id,Name', '${a.id},x' | ConvertFrom-Csv)`,
    { 'Object Id': a.id },
    'Revoked',
    a.id,
  ],
  [
    'a CSV row with "User principal name"',
    `('User principal name', ${quoted(a.userPrincipalName)} | ConvertFrom-Csv)`,
    { 'User principal name': a.userPrincipalName },
    'Revoked',
    a.id,
  ],
  [
    'a CSV row with "AccountObjectId"',
    `('AccountObjectId', '${a.id}' | ConvertFrom-Csv)`,
    { AccountObjectId: a.id },
    'Revoked',
    a.id,
  ],
  [
    'a CSV row with "AccountUpn"',
    `('AccountUpn', ${quoted(a.userPrincipalName)} | ConvertFrom-Csv)`,
    { AccountUpn: a.userPrincipalName },
    'Revoked',
    a.id,
  ],
  [
    'a CSV row with "RecipientAddress"',
    `('RecipientAddress', ${quoted(a.userPrincipalName)} | ConvertFrom-Csv)`,
    { RecipientAddress: a.userPrincipalName },
    'Revoked',
    a.id,
  ],
  [
    'a hashtable of Invoke-MgGraphRequest',
    `Invoke-MgGraphRequest -Uri '/v1.0/users/${a.id}'`,
    { id: a.id },
    'Revoked',
    a.id,
  ],
  [
    'a deserialized user',
    `[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((Get-MgUser -UserId '${a.id}')))`,
    { Id: a.id },
    'Revoked',
    a.id,
  ],
  [
    'a deserialized group member',
    `[System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize((${member('device', event)})))`,
    { Id: event, '@odata.type': '#microsoft.graph.device' },
    'NotAUser',
    event,
  ],
  ['a nested array', `, @(, @('${a.id}'))`, a.id, 'Revoked', a.id],
  ['a Get-MgGroup object', `Get-MgGroup -GroupId '${falcon}'`, undefined, 'NotAUser', falcon ?? null],
  ['$null', '$null', null, 'InvalidReference', null],
  ['a number', '42', 42, 'InvalidReference', null],
  [
    'an object without identity',
    `[pscustomobject]@{ Colour = 'red' }`,
    { Colour: 'red' },
    'InvalidReference',
    null,
  ],
  ['a guest by name', quoted(guest.userPrincipalName), guest.userPrincipalName, 'NoEffect', guest.id],
  [
    'a name that starts with $',
    quoted(dollar.userPrincipalName),
    dollar.userPrincipalName,
    'Revoked',
    dollar.id,
  ],
  ['a mail address that is an alias of one user', quoted(aliasOwners(1)), aliasOwners(1), 'Revoked', null],
  [
    'a mail address that is an alias of two',
    quoted(aliasOwners(2)),
    aliasOwners(2),
    'InvalidReference',
    null,
  ],
  ['a mail address of nobody', `'nobody@nowhere.example'`, 'nobody@nowhere.example', 'NotFound', null],
];

let server: SimulatedServer;
const token = tenant.issueToken('app');
beforeAll(async () => void (server = await SimulatedServer.start(tenant)));
afterAll(() => server.close());

function expectEntry(entry: Entry, row: { outcome: unknown; userId: unknown } | undefined): void {
  const [name, , , outcome, userId] = entry;
  expect(row?.outcome, name).toBe(outcome);
  if (userId !== null) expect(row?.userId, name).toBe(userId);
}

describe.each(['7', '5.1'] as const)('piped, with the JSON of PowerShell %s', dialect => {
  let rows: { outcome: unknown; userId: unknown }[][] = [];
  beforeAll(async () => {
    const lines = entries.map(
      ([, powerShell]) =>
        `${powerShell} | Revoke-UserSession -ErrorAction SilentlyContinue -WarningAction SilentlyContinue; '--'`,
    );
    const run = await runPowerShell(`Import-Module '${builtModule}'\n${lines.join('\n')}`, {
      dialect,
      env: { MG_STANDIN_GRAPH_URL: server.url, MG_STANDIN_TOKEN: token, USERSESSION_ENGINE: null },
    });
    rows = [[]];
    for (const output of run.outputs) {
      if (output.text === '--') rows.push([]);
      else
        for (const row of rowsOf([output]))
          rows.at(-1)?.push({ outcome: row['Outcome'], userId: row['UserId'] });
    }
  });
  test.each(entries.map((entry, index) => [entry[0], entry, index] as const))('%s', (_, entry, index) => {
    expect(rows[index]).toHaveLength(1);
    expectEntry(entry, rows[index]?.[0]);
  });
});

describe('through the command line', () => {
  let rows: RevocationResult[] = [];
  const inFile = entries.filter(([, , json]) => json !== undefined);
  beforeAll(async () => {
    const run = await usersession(['revoke', '--users-from', '-', '--output', 'json'], {
      env: { USERSESSION_GRAPH_URL: server.url, USERSESSION_ACCESS_TOKEN: token },
      input: JSON.stringify(inFile.map(([, , json]) => json)),
    });
    rows = JSON.parse(run.out);
  });
  test('every reference has its row', () => {
    expect(rows).toHaveLength(inFile.length);
  });
  test.each(inFile.map(entry => [entry[0], entry] as const))('%s', (_, entry) => {
    // Rows leave as they are settled; who named the same user twice joined, so any row of that user serves.
    const [, , json, outcome, userId] = entry;
    const fits = rows.filter(r => (userId === null ? r.outcome === outcome : r.userId === userId));
    if (typeof json === 'string') expect(rows.find(r => r.reference === json)?.outcome).toBe(outcome);
    expect(fits.map(r => r.outcome)).toContain(outcome);
  });
});
