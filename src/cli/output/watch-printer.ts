import type { Writable } from 'node:stream';
import { harmless, harmlessJson } from '../../operations/harmless.ts';
import type { SignInsWatchResult, WatchedSignIn, WatchVerdict } from '../../protocol/watch.ts';
import { csvCell } from './csv-cell.ts';
import { localMoment } from './local-time.ts';
import type { OutputFormat } from './row-printer.ts';
import { textTable } from './text-table.ts';
import { fitWide } from './wide-text.ts';
import { wrapped } from './wrapped.ts';

/** Prints sign-ins the moment they are seen, and the verdicts at the end. */
export interface WatchPrinter {
  seen(signIns: readonly WatchedSignIn[]): void;
  end(result: SignInsWatchResult): void;
}

const columns: readonly (keyof WatchedSignIn)[] = [
  'id',
  'userId',
  'userPrincipalName',
  'at',
  'meaning',
  'succeeded',
  'failure',
  'interactive',
  'appDisplayName',
  'resourceDisplayName',
  'clientApp',
  'legacyProtocol',
  'multiFactor',
  'newSession',
  'ipAddress',
  'place',
  'device',
  'sameIpAddress',
  'sameCountry',
  'sameDevice',
];

/** The printer of a format. CSV holds the sign-ins alone; of the verdicts the command tells there. */
export async function watchPrinter(
  format: OutputFormat,
  out: Writable,
  width: number,
): Promise<WatchPrinter> {
  const json = (value: unknown) => void out.write(`${harmlessJson(JSON.stringify(value))}\n`);
  switch (format) {
    case 'json': {
      const all: WatchedSignIn[] = [];
      return { seen: signIns => void all.push(...signIns), end: result => json({ signIns: all, ...result }) };
    }
    case 'jsonl':
      return { seen: signIns => signIns.forEach(json), end: ({ verdicts }) => verdicts.forEach(json) };
    case 'csv': {
      const { stringify } = await import('csv-stringify/sync');
      const cast = { boolean: String, string: csvCell };
      const line = (cells: unknown[]) => void out.write(stringify([cells], { cast }));
      line([...columns]);
      return { seen: signIns => signIns.forEach(one => line(columns.map(c => one[c]))), end: () => {} };
    }
    case 'table':
      return tablePrinter(out, width);
  }
}

/** Rows come one by one, so the columns are as wide from the start as they will ever be. */
function tablePrinter(out: Writable, width: number): WatchPrinter {
  const user = width >= 110 ? 32 : 24;
  const app = width >= 110 ? 24 : 18;
  const widths = [21, user, 9, app, Math.max(20, width - 21 - user - 9 - app - 5)];
  const indent = widths.slice(0, -1).reduce((sum, one) => sum + one + 1, 0);
  const line = (cells: readonly string[]) => {
    const [last = '', ...others] = cells.map(harmless).toReversed();
    const start = others.toReversed().map((cell, i) => fitWide(cell, widths[i] ?? 0));
    out.write(`${wrapped([...start, last].join(' '), width, indent).trimEnd()}\n`);
  };
  let rows = 0;
  return {
    seen: signIns => {
      for (const signIn of signIns) {
        if (rows === 0) {
          const headings = ['At', 'User', 'Meaning', 'App', 'Remarks'];
          line(headings);
          line(headings.map(heading => '-'.repeat(heading.length)));
        }
        rows += 1;
        line(cellsOf(signIn));
      }
    },
    end: ({ verdicts }) => void out.write(`${rows > 0 ? '\n' : ''}${verdictsText(verdicts, width)}`),
  };
}

const cellsOf = (signIn: WatchedSignIn): string[] => [
  localMoment(signIn.at),
  signIn.userPrincipalName ?? signIn.userId,
  signIn.meaning,
  signIn.appDisplayName ?? '',
  remarksOf(signIn).join(', '),
];

/** What sets a sign-in apart, the most telling first. */
export function remarksOf(signIn: WatchedSignIn): string[] {
  const { legacyProtocol, multiFactor, sameCountry, sameDevice, sameIpAddress, place, ipAddress } = signIn;
  return [
    signIn.succeeded ? [] : [signIn.failure?.replace(/\.$/, '') ?? 'failed'],
    legacyProtocol ? ['legacy protocol'] : [],
    sameCountry === false ? ['other country'] : [],
    signIn.newSession ? ['new session'] : [],
    multiFactor === null ? [] : [multiFactor ? 'MFA' : 'no MFA'],
    signIn.interactive ? [] : ['silent'],
    sameDevice === false ? ['other device'] : [],
    sameIpAddress === false ? ['other address'] : [],
    [[ipAddress, place].filter(Boolean).join(' ')],
  ]
    .flat()
    .filter(Boolean);
}

function verdictsText(verdicts: readonly WatchVerdict[], width: number): string {
  return textTable<WatchVerdict>(
    [
      { heading: 'User', most: 32, text: v => v.userPrincipalName ?? v.reference },
      { heading: 'Verdict', text: verdict => verdict.verdict },
      { heading: 'Sign-ins', text: verdict => String(verdict.signIns) },
      { heading: 'Failed', text: verdict => String(verdict.failures) },
      { heading: 'Advice', text: verdict => verdict.advice, wrap: true },
    ],
    verdicts,
    width,
  );
}
