import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { plain, runPowerShell } from '../module/power-shell.ts';
import { inTenant } from '../module/with-engine.ts';
import { usersession } from '../support/command-line.ts';
import { revokingPermissions } from '../support/simulated-reading.ts';
import { startTenant } from '../support/tenant.ts';

const page = readFileSync(join(root, 'docs', 'immediately.md'), 'utf8');
const schema = JSON.parse(readFileSync(join(root, 'src', 'protocol', 'schema.json'), 'utf8')) as {
  definitions: Record<string, { enum?: string[]; properties?: Record<string, { enum?: string[] }> }>;
};
const blocks = [...page.matchAll(/```powershell\n(.*?)```/gs)].map(match => match[1]!);
const persona = { persona: 'globalAdministrator', permissions: revokingPermissions } as const;

test('every block on the page runs', async () => {
  const t = await startTenant();
  expect(blocks.length).toBeGreaterThan(3);
  for (const block of blocks.filter(text => !text.includes('Watch-'))) {
    const run = await runPowerShell(...inTenant(t, block, { persona, format: { width: 100 } }));
    expect(run.errors, block).toEqual([]);
    expect(run.text + run.outputs.length, block).not.toBe('0');
  }
});

test('the watch on it tells who came back', async () => {
  const t = await startTenant();
  const user = t.tenant.users.find(u => u.userPrincipalName === 'adelev@contoso.example')!;
  const [session] = t.tenant.sessions.of(user.id);
  t.tenant.revokeElsewhere(user.id);
  // The log tells whole seconds, and what is of the revocation's own second counts as before it.
  await pause(1100);
  t.tenant.sessions.signInAgain(session!);
  const watch = blocks.find(text => text.includes('Watch-'))!;
  // Two hours are for people.
  const run = await runPowerShell(...inTenant(t, watch.replace(/-Minutes \d+/, '-Count 1'), { persona }));
  expect(run.errors).toEqual([]);
  expect(plain(run.outputs.at(-1)!)).toMatchObject({ UserId: user.id, Verdict: 'CameBack' });
});

test('it explains every rule, and names only commands, options and words that there are', async () => {
  for (const rule of schema.definitions['AccessRule']!.enum!) expect(page).toContain(`| \`${rule}\` |`);
  const meanings = schema.definitions['WatchedSignIn']!.properties!['meaning']!.enum!;
  for (const meaning of meanings.filter(one => one !== 'Tried')) expect(page).toContain(`\`${meaning}\``);
  const commands = new Set([...page.matchAll(/\b[A-Z][a-z]+-User[A-Z]\w+/g)].map(match => match[0]));
  expect(commands.size).toBeGreaterThan(4);
  for (const command of commands)
    expect(readFileSync(join(root, 'module', 'UserSession.psd1'), 'utf8')).toContain(`'${command}'`);
  for (const [, command = '', option] of page.matchAll(/`usersession (\w+)(?: (--[a-z-]+))?`/g)) {
    const { code, out } = await usersession([command, '--help']);
    expect(code, command).toBe(0);
    if (option) expect(out).toContain(option);
  }
});

test('its picture is there, is well-formed and says the same in words', async () => {
  const [, file = ''] = /!\[[^\]]+\]\(([^)]+)\)/.exec(page) ?? [];
  const picture = readFileSync(join(root, 'docs', file), 'utf8');
  const { outputs, errors } = await runPowerShell(
    `$x = [xml]::new(); $x.Load('${join(root, 'docs', file).replaceAll("'", "''")}'); $x.DocumentElement.LocalName`,
  );
  expect(errors).toEqual([]);
  expect(outputs[0]?.text).toBe('svg');
  expect(picture).toMatch(/<desc [^>]*>.{100,}<\/desc>/);
});
