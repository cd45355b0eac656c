import { createHash } from 'node:crypto';
import { cliOut } from '../../build/paths.ts';
import type { BenchCase, Figure, Findings } from '../case.ts';
import { run } from '../child.ts';
import { alternating, figure, ratio } from '../measuring.ts';
import { bestInFlight, handWritten } from '../rivals/hand-written.ts';
import { powerShellLoop, powerShellName } from '../rivals/power-shell-loop.ts';
import { timed, type Timed } from '../rivals/timed.ts';
import { type InstantTenant, startInstantTenant } from '../tenant/instant-tenant.ts';
import { withHome } from '../tenant/with-home.ts';

const count = 1000;
/** The loop sends so many, and its time is taken ten times. */
const looped = 100;
const latencyMs = 80;

/** A department, in a tenant that never refuses, as far away as one is. */
export const thousandUsers: BenchCase = {
  name: 'thousand-users',
  title: '1,000 users at 80 ms',
  method: `From the start of the process to the arrival of the last revocation, and of the last read that proves one; ${count} users by standard input to a tenant that takes ${latencyMs} ms for each request and refuses none. Ours is \`usersession revoke --users-from - --force --output csv\`, with record. By hand: [hand-written.mjs](rivals/hand-written.mjs), batches of 20, with the best of 8, 16, 25 and 50 of them on the way. The loop and the 10 workers send one POST for each user, the loop for ${looped} users, whose time is taken ten times; PowerShell itself is up already, and HttpClient stands for Invoke-RestMethod.`,
  async run() {
    const tenant = await startInstantTenant({ latencyMs });
    return withHome(tenant, async home => {
      return joined(await againstByHand(tenant, home), await againstLoops(tenant, home));
    });
  },
};

const users = Array.from({ length: count }, (_, i) => {
  const hex = createHash('sha256').update(`user ${i}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
});

const ours =
  (tenant: InstantTenant, home: string, ...options: string[]) =>
  (): Promise<Timed> =>
    timed(tenant, count, () =>
      run(cliOut, ['revoke', '--users-from', '-', '--force', '--output', 'csv', ...options], {
        env: { ...process.env, ...tenant.env, USERSESSION_HOME: home },
        input: users.join('\n'),
      }),
    );

async function againstByHand(tenant: InstantTenant, home: string): Promise<Findings> {
  const plain = await bestInFlight(tenant, users, false);
  const proving = await bestInFlight(tenant, users, true);
  const samples = await alternating(11, {
    plain: handWritten(tenant, users, plain, false),
    proving: handWritten(tenant, users, proving, true),
    ours: ours(tenant, home),
    unrecorded: ours(tenant, home, '--no-journal'),
  });
  const subjects: [string, Timed[]][] = [
    [`by hand, without proof, ${plain} batches on the way`, samples.plain],
    [`by hand, with proof, ${proving} batches on the way`, samples.proving],
    ['UserSession', samples.ours],
    ['UserSession, --no-journal', samples.unrecorded],
  ];
  return {
    figures: subjects.flatMap(([subject, times]) => figuresOf(subject, times)),
    verdicts: [
      {
        claim: 'last revocation, over by hand without proof',
        value: ratio(samples.ours.map(lastWrite), samples.plain.map(lastWrite)),
        unit: 'x',
        goal: { most: 1.05 },
        note: behind,
      },
      {
        claim: 'last proof, over by hand with proof',
        value: ratio(samples.ours.map(lastProof), samples.proving.map(lastProof)),
        unit: 'x',
        goal: { most: 1.05 },
        note: behind,
      },
      {
        claim: 'the journal: whole run with record over without',
        value: ratio(samples.ours.map(end), samples.unrecorded.map(end)),
        unit: 'x',
        goal: { most: 1.05 },
      },
    ],
  };
}

/** The same number of batches leaves at once in both; what is left is before the first and between answer and proof. */
const behind =
  'both send all batches at once; ours loads more code first, and looks at each user and writes the record in between';

async function againstLoops(tenant: InstantTenant, home: string): Promise<Findings> {
  const samples = await alternating(5, {
    loop: powerShellLoop(tenant, users.slice(0, looped), 1),
    workers: powerShellLoop(tenant, users, 10),
    ours: ours(tenant, home),
  });
  const loop = samples.loop.map(one => (lastWrite(one) * count) / looped);
  const name = powerShellName();
  return {
    figures: [
      figure(`foreach loop in PowerShell (${name})`, `last revocation of ${looped}, times ten`, 'ms', loop),
      figure(`10 workers in PowerShell (${name})`, 'last revocation', 'ms', samples.workers.map(lastWrite)),
    ],
    verdicts: [
      {
        claim: 'last revocation, times faster than the loop',
        value: ratio(loop, samples.ours.map(lastWrite)),
        unit: 'x',
        goal: { least: 20 },
      },
    ],
  };
}

const lastWrite = (one: Timed): number => one.lastWrite;
const lastProof = (one: Timed): number => one.lastProof ?? Number.NaN;
const end = (one: Timed): number => one.end;

const figuresOf = (subject: string, times: readonly Timed[]): Figure[] => [
  figure(subject, 'last revocation', 'ms', times.map(lastWrite)),
  ...(times.every(one => one.lastProof !== null)
    ? [figure(subject, 'last proof', 'ms', times.map(lastProof))]
    : []),
  figure(subject, 'end of the process', 'ms', times.map(end)),
];

const joined = (...all: Findings[]): Findings => ({
  figures: all.flatMap(one => one.figures),
  verdicts: all.flatMap(one => one.verdicts),
});
