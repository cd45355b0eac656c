import type { Figure } from '../case.ts';
import { amount } from './amount.ts';
import type { ChartPart, Row } from './chart-part.ts';
import { ink } from './ink.ts';
import type { CaseResult } from './results.ts';

/** What of a case is drawn as a race. */
interface Race {
  case: string;
  heading: string;
  /** The measure that counts, and the one that counts with proof. */
  done: RegExp;
  proven?: RegExp;
  /** Subjects that only the page has. */
  besides: RegExp;
}

const races: readonly Race[] = [
  {
    case: 'one-user-cold',
    heading: 'One user, cold, until the revoke arrives',
    done: /^token: .*arrival of the revoke/,
    besides: /bundle|launcher/,
  },
  {
    case: 'microsoft-365-cli',
    heading: 'One user, cold, behind TLS',
    done: /arrival of the revoke/,
    besides: /bundle|executable/,
  },
  {
    case: 'thousand-users',
    heading: '1,000 users at 80 ms, until the last revoke ●, proof ◇',
    done: /^last revocation/,
    proven: /^last proof/,
    besides: /no-journal/,
  },
];

interface Runner {
  subject: string;
  done: Figure;
  proven?: Figure;
}

/** Who takes how long; the slowest first. */
export function racesPart(results: readonly CaseResult[]): ChartPart {
  const rows: Row[] = [];
  const marks: { figure: Figure; row: number; proof: boolean }[] = [];
  for (const race of races) {
    const runners = runnersOf(race, results.find(result => result.name === race.case)?.figures ?? []);
    if (runners.length > 0) rows.push({ left: race.heading, leftTone: 'heading' });
    for (const { subject, done, proven } of runners) {
      const row = rows.length;
      marks.push(
        { figure: done, row, proof: false },
        ...(proven ? [{ figure: proven, row, proof: true }] : []),
      );
      rows.push({
        left: subject,
        leftTone: isOurs(subject) ? 'ours' : 'plain',
        right: [time(done.median), ...(proven ? [`proven ${time(proven.median)}`] : [])].join(', '),
        rightTone: isOurs(subject) ? 'ours' : 'plain',
      });
    }
  }
  return {
    title: 'Who takes how long',
    rows,
    axis: { ...decades(marks.map(({ figure }) => figure.median)), axisLabel: time },
    series: [
      {
        type: 'scatter',
        data: marks.map(({ figure, row, proof }) => {
          const color = isOurs(figure.subject) ? ink.ours : ink.muted;
          return {
            value: [figure.median, row],
            symbol: proof ? 'diamond' : 'circle',
            symbolSize: proof ? 12 : 9,
            itemStyle: {
              opacity: 1,
              ...(proof ? { color: 'none', borderColor: color, borderWidth: 1.5 } : { color }),
            },
          };
        }),
      },
    ],
  };
}

const isOurs = (subject: string): boolean => subject.startsWith('UserSession');

const runnersOf = (race: Race, figures: readonly Figure[]): Runner[] =>
  figures
    .filter(one => race.done.test(one.measure) && !race.besides.test(one.subject))
    .map(done => ({
      subject: done.subject,
      done,
      proven: figures.find(one => one.subject === done.subject && race.proven?.test(one.measure)),
    }))
    .sort((a, b) => b.done.median - a.done.median);

/** Of milliseconds. */
const time = (ms: number): string => (ms < 1000 ? amount(ms, 'ms') : amount(ms / 1000, 's'));

/** The powers of ten around all values. */
const decades = (values: readonly number[]): { min: number; max: number } => ({
  min: 10 ** Math.floor(Math.log10(Math.min(...values))),
  max: 10 ** Math.ceil(Math.log10(Math.max(...values))),
});
