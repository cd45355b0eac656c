import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identify } from '../../src/graph/user-reference.ts';

const id = '87d349ed-44d7-43e1-9a83-5f2406dee5bd';
const other = '00000000-1111-4222-8333-444444444444';

test.each([
  ['an object id', id],
  ['an object id in capitals', id.toUpperCase()],
  ['an object id in braces and blanks', `  {${id}} `],
  ['an object id in quotes', `"${id}"`],
])('%s is an id', (_, text) => {
  expect(identify({ text })).toMatchObject({ kind: 'id', id });
});

test.each([
  'adele@contoso.com',
  'a_b.com#EXT#@contoso.onmicrosoft.com',
  '$x@contoso.com',
  "o'neill@contoso.com",
])('%s is an address', address => {
  expect(identify({ text: address })).toMatchObject({ kind: 'address', address });
});

test.each([
  ['', 'empty'],
  ['   ', 'empty'],
  ['adele', 'neither'],
  ['a b@contoso.com', 'neither'],
  ['CONTOSO\\adele', 'on-premises'],
  ['Microsoft.Graph.PowerShell.Models.MicrosoftGraphUser', 'object type'],
  ['System.Collections.Hashtable', 'object type'],
  ['@{UserPrincipalName=a@b.c}', 'object type'],
  ['a@b\u0007.com', 'control'],
  [`${'x'.repeat(400)}@b.c`, 'too long'],
])('%j is refused with a reason', (text, reason) => {
  const who = identify({ text });
  expect(who.kind).toBe('invalid');
  expect(who.kind === 'invalid' && who.why).toContain(reason);
});

test.each([
  ['a Graph user', { Id: id, UserPrincipalName: 'a@b.c' }, id],
  ['a user with all properties null but Id', { Id: id, UserPrincipalName: null, DisplayName: null }, id],
  ['a sign-in row, whose Id is the event', { Id: other, UserId: id }, id],
  ['a mailbox, whose Id is a name', { Id: 'Adele Vance', ExternalDirectoryObjectId: id }, id],
  ['an AzureAD user', { ObjectId: id, UserPrincipalName: 'a@b.c' }, id],
  ['a CSV row with a blank in its heading', { 'Object Id': id }, id],
  ['a CSV row with other words', { 'Account-Object_ID': id }, id],
])('%s is known by its id', (_, properties, expected) => {
  expect(identify({ properties })).toMatchObject({ kind: 'id', id: expected });
});

test.each([
  ['an AD user without any id', { UserPrincipalName: 'a@b.c' }],
  ['a user whose Id is null', { Id: null, UserPrincipalName: 'a@b.c' }],
  ['a CSV row with a UPN in the column UserId', { UserId: 'a@b.c' }],
  ['a CSV row with a mail address', { Email: 'a@b.c', Name: 'Adele' }],
  ['a CSV row "User principal name"', { 'User principal name': 'a@b.c' }],
  ['a row of a message trace', { RecipientAddress: 'a@b.c' }],
])('%s is known by its address', (_, properties) => {
  expect(identify({ properties })).toMatchObject({ kind: 'address', address: 'a@b.c' });
});

test.each([
  ['#microsoft.graph.group', undefined, 'group'],
  ['#microsoft.graph.device', undefined, 'device'],
  ['#microsoft.graph.servicePrincipal', undefined, 'serviceprincipal'],
  [null, 'Microsoft.Graph.PowerShell.Models.MicrosoftGraphGroup', 'group'],
])('a member of type %s (%s) is no user', (odata, type, expected) => {
  const who = identify({ properties: { Id: id, '@odata.type': odata }, type });
  expect(who).toMatchObject({ kind: 'notAUser', type: expected, id });
});

test('an object in which nothing names a user says so and what it is', () => {
  const who = identify({ properties: { DisplayName: 'Adele' }, type: 'System.Int32' });
  expect(who).toMatchObject({ kind: 'invalid', why: expect.stringContaining('System.Int32') });
});

test('whatever is handed in, nobody is meant who was not named', () => {
  const value = fc.option(fc.string());
  fc.assert(
    fc.property(fc.dictionary(fc.string(), value), properties => {
      const who = identify({ properties });
      const values = Object.values(properties).map(v => v?.trim().toLowerCase());
      if (who.kind === 'id') expect(values.some(v => v?.includes(who.id))).toBe(true);
      if (who.kind === 'address') expect(values).toContain(who.address.toLowerCase());
    }),
  );
});

test('a row whose only known column is a name is not called empty: it is told what a column needs', () => {
  const who = identify({ properties: { Name: 'Adele', Dept: 'Sales' }, type: 'line 2 of a.csv' });
  expect(who.kind === 'invalid' && who.why).toMatch(
    /^nothing in this object \(line 2 of a\.csv\) names a user/,
  );
  const empty = identify({ properties: { UserPrincipalName: ' ', Name: 'Adele' } });
  expect(empty.kind === 'invalid' && empty.why).toContain('the UserPrincipalName of this object is empty');
});
