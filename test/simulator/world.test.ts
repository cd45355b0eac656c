import { expect, test } from 'vitest';
import { roleTemplates } from '../../src/simulator/roles.ts';
import { SimulatedTenant } from '../../src/simulator/simulated-tenant.ts';
import { groupNamed, startOfTime } from './stage.ts';

const tenant = new SimulatedTenant({ now: () => startOfTime });

test('the same seed makes the same tenant, another seed another one', () => {
  const again = new SimulatedTenant({ seed: 1, now: () => startOfTime });
  expect(again.users).toEqual(tenant.users);
  expect(again.groups).toEqual(tenant.groups);
  expect(again.tenantId).toBe(tenant.tenantId);
  const other = new SimulatedTenant({ seed: 2, now: () => startOfTime });
  expect(other.tenantId).not.toBe(tenant.tenantId);
  const ids = new Set(tenant.users.map(user => user.id));
  expect(other.users.some(user => ids.has(user.id))).toBe(false);
});

test('a tenant has as many users as asked for, each with an id and a name of its own', () => {
  expect(tenant.users).toHaveLength(300);
  const many = new SimulatedTenant({ users: 5000 });
  expect(many.users).toHaveLength(5000);
  expect(new Set(many.users.map(user => user.id)).size).toBe(5000);
  expect(new Set(many.users.map(user => user.userPrincipalName.toLowerCase())).size).toBe(5000);
  for (const user of many.users) expect(user.userPrincipalName).toMatch(/^[^\s@/?&]+@contoso\.example$/);
});

test('the cast is there however small the tenant', () => {
  const tiny = new SimulatedTenant({ users: 1 });
  expect(tiny.users.length).toBeGreaterThan(60);
  expect(tiny.users.length).toBeLessThan(120);
  expect(groupNamed(tiny, 'Project Falcon').memberIds.length).toBeGreaterThan(5);
});

test('Sales can show every outcome: a guest, an admin above a User Administrator, somebody disabled, and few enough to read', () => {
  const sales = tenant.users.filter(user => user.department === 'Sales');
  expect(sales.length).toBeGreaterThanOrEqual(10);
  expect(sales.length).toBeLessThanOrEqual(20);
  expect(sales.some(user => user.userType === 'Guest' && user.external)).toBe(true);
  expect(sales.some(user => user.roles.includes('Exchange Administrator'))).toBe(true);
  expect(sales.some(user => !user.accountEnabled)).toBe(true);
  expect(sales.some(user => user.userType === 'Member' && user.external)).toBe(true);
  expect(tenant.deletedUsers.length).toBeGreaterThan(0);
});

test('every kind of user is there that tools trip over', () => {
  const has = (test: (user: (typeof tenant.users)[number]) => boolean): boolean => tenant.users.some(test);
  expect(has(user => user.userPrincipalName.startsWith('$'))).toBe(true);
  expect(has(user => user.displayName === "=cmd|' /C calc'!A0")).toBe(true);
  expect(has(user => user.displayName === '2026-11-23T10:00:00Z')).toBe(true);
  expect(has(user => user.displayName.includes(', '))).toBe(true);
  expect(has(user => user.displayName.includes('"'))).toBe(true);
  expect(has(user => user.displayName.includes("'"))).toBe(true);
  expect(has(user => user.displayName.length > 200 && user.displayName.length <= 256)).toBe(true);
  expect(has(user => user.displayName.includes('\u202E'))).toBe(true);
  expect(has(user => /\p{Script=Arabic}/u.test(user.displayName))).toBe(true);
  expect(has(user => /\p{Script=Han}/u.test(user.displayName))).toBe(true);
  expect(has(user => user.mail === null)).toBe(true);
  expect(has(user => user.mail !== null && user.mail !== user.userPrincipalName && !user.external)).toBe(
    true,
  );
  expect(
    has(user => user.userType === 'Guest' && !user.external && !user.userPrincipalName.includes('#EXT#')),
  ).toBe(true);
  expect(
    has(user => user.userType === 'Member' && user.external && user.userPrincipalName.includes('#EXT#')),
  ).toBe(true);
  expect(has(user => user.externalUserState === 'PendingAcceptance')).toBe(true);
  for (const user of tenant.users) expect(user.displayName).not.toMatch(/[\r\n]/);
});

test('one alias belongs to two users, another to one', () => {
  const withAlias = (alias: string): number =>
    tenant.users.filter(user => user.proxyAddresses.includes(`smtp:${alias}`)).length;
  expect(withAlias('info@contoso.example')).toBe(2);
  expect(withAlias('adele@contoso.example')).toBe(1);
});

test('each role has a holder', () => {
  for (const role of Object.keys(roleTemplates))
    expect(tenant.users.some(user => user.roles.includes(role))).toBe(true);
});

test('an external user is one with a federated identity and #EXT# in the name', () => {
  for (const user of tenant.users) {
    expect(user.identities.some(identity => identity.signInType === 'federated')).toBe(user.external);
    expect(user.userPrincipalName.includes('#EXT#')).toBe(user.external);
  }
});

test('nobody in the directory was revoked or created in the future of the clock', () => {
  for (const user of tenant.users) {
    expect(user.signInSessionsValidFromDateTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.parse(user.signInSessionsValidFromDateTime)).toBeLessThan(startOfTime - 3_000_000);
    expect(Date.parse(user.createdDateTime)).toBeLessThan(Date.parse(user.signInSessionsValidFromDateTime));
  }
});

test('the groups of the situations are there', () => {
  for (const name of [
    'Project Falcon',
    'Contractors',
    'Leavers',
    'Break Glass',
    'Nobody Here',
    'Wellbeing Circle',
    'Everyone',
  ]) {
    expect(groupNamed(tenant, name).displayName).toBe(name);
  }
  expect(tenant.groups.filter(group => group.displayName === 'Sales Team')).toHaveLength(2);
  expect(groupNamed(tenant, 'Nobody Here').memberIds).toEqual([]);
  expect(groupNamed(tenant, 'Tier 0 Operators').isAssignableToRole).toBe(true);
  expect(groupNamed(tenant, 'Everyone').memberIds).toHaveLength(300);
});

test('a leaver group can be done by a User Administrator: nobody in it has a role', () => {
  const ids = new Set(groupNamed(tenant, 'Leavers').memberIds);
  const people = tenant.users.filter(user => ids.has(user.id));
  expect(people.length).toBeGreaterThan(4);
  expect(people.every(user => user.roles.length === 0)).toBe(true);
  expect(people.some(user => user.external)).toBe(true);
});

test('any seed makes a whole tenant', () => {
  for (let seed = 2; seed < 40; seed++) {
    const other = new SimulatedTenant({ seed, now: () => startOfTime });
    const sales = other.users.filter(user => user.department === 'Sales');
    expect(sales.length).toBeLessThanOrEqual(20);
    const members = new Set(groupNamed(other, 'Project Falcon').memberIds);
    const people = other.users.filter(user => members.has(user.id));
    expect(people.filter(user => !user.external && user.roles.length === 0).length).toBeGreaterThan(4);
    expect(people.some(user => user.external)).toBe(true);
    expect(people.some(user => user.roles.length > 0)).toBe(true);
    expect(new Set(other.users.map(user => user.userPrincipalName)).size).toBe(300);
  }
});
