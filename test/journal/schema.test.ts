import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { afterAll, expect, test } from 'vitest';
import { recordSchemaFile } from '../../build/generate.ts';
import { usersession } from '../support/command-line.ts';
import { startTenant } from '../support/tenant.ts';

const folder = mkdtempSync(join(tmpdir(), 'us-schema-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('every line of a record, resumed and hostile, is what the published schema says', async () => {
  const ajv = new Ajv({ strict: false, allErrors: true });
  (formats as unknown as (ajv: Ajv) => void)(ajv);
  const isLine = ajv.compile(JSON.parse(readFileSync(recordSchemaFile, 'utf8')));
  const t = await startTenant();
  // A caller without a role is denied, so that there is something left to resume.
  const env = t.env('member');
  const contractors = t.tenant.users.filter(u => u.department === 'Contractors').map(u => u.id);
  const args = ['--journal', folder, '--reason', 'INC-7 "=cmd|\u202e"', '--output', 'json'];
  await usersession(['revoke', ...contractors, 'nobody@contoso.example', 'rubbish', ...args], { env });
  const resumed = await usersession(['resume', '--journal', folder, '--output', 'json'], { env });
  expect(JSON.parse(resumed.out).length).toBeGreaterThan(0);
  const files = readdirSync(folder).filter(name => name.endsWith('.jsonl'));
  const lines = files.flatMap(name => readFileSync(join(folder, name), 'utf8').trimEnd().split('\n'));
  const types = new Set(lines.map(line => JSON.parse(line).type));
  expect(types).toEqual(new Set(['begin', 'named', 'intent', 'outcome', 'end', 'resume']));
  for (const line of lines) {
    isLine(JSON.parse(line));
    expect({ line, errors: isLine.errors ?? [] }).toEqual({ line, errors: [] });
  }
});
