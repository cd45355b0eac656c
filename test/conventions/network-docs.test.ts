import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AzureAuthorityHosts } from '@azure/identity';
import { expect, test } from 'vitest';
import { root } from '../../build/paths.ts';
import { globalGraph } from '../../src/graph/endpoint.ts';
import { largestAnswer } from '../../src/graph/body.ts';

const page = readFileSync(join(root, 'docs', 'network.md'), 'utf8');
const clouds = [...page.matchAll(/^\| (\w+) \| `([\w.-]+)` \| `([\w.-]+)` \|$/gm)].map(
  ([, ...cells]) => cells,
);

test('the hosts to let through are those that calls and sign-ins really go to', () => {
  const signIn: Record<string, string> = {
    Global: AzureAuthorityHosts.AzurePublicCloud,
    USGov: AzureAuthorityHosts.AzureGovernment,
    USGovDoD: AzureAuthorityHosts.AzureGovernment,
    China: AzureAuthorityHosts.AzureChina,
  };
  expect(clouds.map(([cloud, , host]) => [cloud, `https://${host}`])).toEqual(Object.entries(signIn));
  expect(`https://${clouds[0]?.[1]}`).toBe(globalGraph);
});

test('the limit that it names for an answer is the one in force', () => {
  expect(page).toContain(`more than ${largestAnswer / 1024 / 1024} MiB`);
});
