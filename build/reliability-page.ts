import { spawnSync } from 'node:child_process';
import { cpus, totalmem, type as osType } from 'node:os';
import { join } from 'node:path';
import { root } from './paths.ts';

export const reliabilityPage = join(root, 'docs', 'reliability.md');

/** What the torture tests record (`test/support/figures.ts`). */
export interface Figures {
  'engine killed': { points: number; usersEach: number; requestsOfARun: number };
  'PowerShell killed': { points: number; usersEach: number };
  'fault soak': {
    users: number;
    rate: number;
    virtualMinutes: number;
    afterTheRun: Record<string, number>;
    afterResume: Record<string, number>;
    resumes: number;
  };
  [fuzz: `fuzz: ${string}`]: { inputs: number; slowestMs: number };
}

/** The page that tells what was tried to lose a user, written by the run that tried it. */
export function makeReliabilityPage(figures: Figures, minutes: number): string {
  const engine = figures['engine killed'];
  const powerShell = figures['PowerShell killed'];
  const soak = figures['fault soak'];
  const fuzz = Object.entries(figures).filter(([name]) => name.startsWith('fuzz: ')) as [
    string,
    { inputs: number; slowestMs: number },
  ][];
  const counts = (outcomes: Record<string, number>) =>
    Object.entries(outcomes)
      .map(([outcome, count]) => `${count} ${outcome}`)
      .join(', ');
  const commit = spawnSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).stdout.toString().trim();
  return `<!-- This file is written by "npm run torture"; do not edit it. -->
# What was tried to lose a user

Figures of one run of \`npm run torture\` (${minutes} minutes, commit ${commit}, ${osType()}, ${cpus().length} cores,
${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}), on the simulated tenant over loopback. \`npm test\`
does the same with a fraction of the points and inputs. All passed; one that fails ends the run without this page.

| tried | how often | what had to hold |
|---|---|---|
| engine killed with SIGKILL in a run of ${engine.usersEach} users under faults, at a request of choice, before and after it was carried out; then \`usersession resume\` | ${engine.points} points | everybody on record has one row; everybody whom the tenant saw was on record before; \`Revoked\` only where the tenant's own record shows it; nobody is left; the chain of the record is whole |
| PowerShell killed with SIGKILL in a pipeline of ${powerShell.usersEach} users; then resume | ${powerShell.points} points | the same |
| ${soak.users.toLocaleString('en')} users with every kind of fault (429, 5xx, resets, lost and cut answers, missing batch items, HTML pages, slowness) at ${soak.rate * 100} % each, quota on, in virtual time (${soak.virtualMinutes} minutes of it) | 1 run, resumed until nothing was left (${soak.resumes} sessions) | one row each; after the run: ${counts(soak.afterTheRun)}; after resume: ${counts(soak.afterResume)} |

Random inputs, each property with its own:

| reader | inputs | slowest (ms) |
|---|---|---|
${fuzz.map(([name, { inputs, slowestMs }]) => `| ${name.slice('fuzz: '.length)} | ${inputs.toLocaleString('en')} | ${slowestMs} |`).join('\n')}

No crash, no hang, no wrong user, no false proof. A failure prints the seed that plays it again.

What it does not show: a real tenant, Windows, a power failure of the disk itself.
`;
}
