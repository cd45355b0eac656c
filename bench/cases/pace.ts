import type { BenchCase, Figure, Verdict } from '../case.ts';
import { type PaceResult, paceOf, type PaceScenario } from '../pace-scenario.ts';

const users = 10_000;
const models = ['bucket', 'sliding', 'fixed'] as const;
const names = { bucket: 'token bucket', sliding: 'sliding window', fixed: 'fixed window' };

/** What a flush of the record is taken to last; the case of the record measures it on a real disk. */
const flushMs = 10;

/** How near the engine comes to what a tenant gives, whatever way it counts. */
export const pace: BenchCase = {
  name: 'pace',
  title: 'Ten thousand users at the quota',
  method: `The real engine on the simulated tenant, in one process on a virtual clock, so it goes the same way every time: 80 ms
latency, ${users.toLocaleString('en')} users for each engine, 3,000 writes in 150 s unless said otherwise, proof on, a record whose every
flush takes ${flushMs} ms. The minimum is what nobody could go below who knows the tenant: what is left of the quota,
spent without a gap and without a refusal. The other tool writes evenly and goes on whatever it is told. No request left
before its \`Retry-After\` in any of them.`,
  async run() {
    const figures: Figure[] = [];
    const verdicts: Verdict[] = [];
    const look = async (what: string, scenario: PaceScenario, most: number, note?: string) => {
      const result = await paceOf({ flushMs, ...scenario });
      checkAll(what, scenario, result);
      figures.push(...figuresOf(what, result));
      const value = result.makespan / result.minimum;
      verdicts.push({
        claim: `${what}, over the minimum`,
        value,
        unit: 'x',
        goal: { most },
        note: value > most ? note : undefined,
      });
      return result;
    };
    for (const model of models) {
      const name = names[model];
      const whole = await look(`${name}`, { model, users }, 1.03);
      verdicts.push({
        claim: `${name}, writes answered 429`,
        value: 100 * whole.refused,
        unit: '%',
        goal: { most: 1 },
      });
      const bare = await paceOf({ model, users, flushMs: undefined });
      verdicts.push({
        claim: `${name}, with record over without`,
        value: whole.makespan / bare.makespan,
        unit: 'x',
        goal: { most: 1.05 },
      });
      await look(`${name}, another tool takes a third`, { model, users, otherPerSecond: 20 / 3 }, 1.1, edge);
      await look(`${name}, three engines at once`, { model, users, engines: 3 }, 1.1, edge);
      const half = { model, users, limit: 1500, retryAfterSeconds: 30 };
      await look(`${name}, half of it and always Retry-After 30`, half, 1.1);
    }
    await look(
      'sliding window, another tool takes a third, 9,900 users',
      { model: 'sliding', users: 9900, otherPerSecond: 20 / 3 },
      1.1,
    );
    return { figures, verdicts };
  },
};

const edge =
  'the users fill the last window to the brim, so the few that a refusal costs wait for one more window';

function checkAll(what: string, { users, engines = 1 }: PaceScenario, { outcomes, early }: PaceResult): void {
  if (outcomes['Revoked'] !== users * engines)
    throw new Error(`${what}: not everybody is revoked: ${JSON.stringify(outcomes)}`);
  if (early > 0) throw new Error(`${what}: ${early} requests left before their time`);
}

function figuresOf(subject: string, { makespan, minimum, refused }: PaceResult): Figure[] {
  const one = (measure: string, unit: Figure['unit'], median: number): Figure => ({
    subject,
    measure,
    unit,
    median,
    low: median,
    high: median,
    runs: 1,
  });
  return [
    one('beginning to last write', 's', makespan),
    one('minimum', 's', minimum),
    one('writes answered 429', '%', 100 * refused),
  ];
}
