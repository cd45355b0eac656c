import type { BenchCase, Figure, Verdict } from '../case.ts';
import { alternating, figure, median } from '../measuring.ts';
import { type StreamedRun, streamedRun } from '../streamed-run.ts';
import { startInstantTenant } from '../tenant/instant-tenant.ts';

const few = 100_000;
const many = 1_000_000;
/** However slow the machine is, this case ends: no more users are handed over after so many seconds. */
const seconds = { few: 25, many: 200 };

/** A whole tenant. */
export const aMillion: BenchCase = {
  name: 'a-million',
  title: '1,000,000 users',
  method: `\`usersession revoke --users-from - --force --output csv\` with object ids by standard input, as fast as it takes them, with record and proof, in a tenant that answers at once. Users a second from the start of the process to its end; memory is the highest resident set (\`VmHWM\`), CPU that of all threads, by Linux. On a machine that is too slow or too busy for a million in ${seconds.many} s fewer are handed over, and the figures are of those.`,
  async run() {
    const tenant = await startInstantTenant();
    try {
      const samples = await alternating(2, {
        recorded: () => streamedRun(tenant, { users: few, seconds: seconds.few }),
        unrecorded: () =>
          streamedRun(tenant, { users: few, seconds: seconds.few, options: ['--no-journal'] }),
      });
      const million = await streamedRun(tenant, { users: many, seconds: seconds.many });
      return {
        figures: [
          ...figuresOf(`UserSession, ${shown(million.users)} users`, [million]),
          ...figuresOf(`UserSession, ${shown(few)} users`, samples.recorded),
          ...figuresOf(`UserSession, ${shown(few)} users, --no-journal`, samples.unrecorded),
        ],
        verdicts: verdictsOf(million, samples.recorded),
      };
    } finally {
      await tenant.close();
    }
  },
};

function verdictsOf(million: StreamedRun, fewer: readonly StreamedRun[]): Verdict[] {
  const note = million.users < many ? `of ${shown(million.users)} users, in the time there was` : undefined;
  const { peakMiB } = million;
  const cpu = cpuOf(million);
  const fewersCpu = fewer.map(cpuOf).filter(known);
  const verdicts: Verdict[] = [
    { claim: 'users a second', value: perSecond(million), unit: 'users/s', goal: { least: 5000 } },
  ];
  if (peakMiB !== null)
    verdicts.push({ claim: 'resident memory', value: peakMiB, unit: 'MiB', goal: { most: 250 } });
  if (cpu !== null && fewersCpu.length > 0) {
    const claim = `CPU per user, ${shown(many)} over ${shown(few)}`;
    verdicts.push({ claim, value: cpu / median(fewersCpu), unit: 'x', goal: { most: 1.25 } });
  }
  return verdicts.map(verdict => (note === undefined ? verdict : { ...verdict, note }));
}

function figuresOf(subject: string, runs: readonly StreamedRun[]): Figure[] {
  const figures = [figure(subject, 'users a second', 'users/s', runs.map(perSecond))];
  const cpu = runs.map(cpuOf).filter(known);
  if (cpu.length > 0) figures.push(figure(subject, 'CPU per user', 'µs', cpu));
  const memory = runs.map(run => run.peakMiB).filter(known);
  if (memory.length > 0) figures.push(figure(subject, 'resident memory', 'MiB', memory));
  return figures;
}

const perSecond = ({ users, ms }: StreamedRun): number => (users / ms) * 1000;
/** Microseconds for each user. */
const cpuOf = ({ users, cpuMs }: StreamedRun): number | null =>
  cpuMs === null ? null : (cpuMs * 1000) / users;
const known = (value: number | null): value is number => value !== null;
const shown = (users: number): string => users.toLocaleString('en-US');
