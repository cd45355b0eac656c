import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../build/paths.ts';

/** docs/scheduled.md. */
export const scheduled = readFileSync(join(root, 'docs', 'scheduled.md'), 'utf8');

/** The blocks of one language in the section whose heading begins so. */
export const blocksOf = (heading: string, language: string): string[] =>
  blocksIn(scheduled.split(/^## /m).find(text => text.startsWith(heading)) ?? '', language);

/** The blocks of one language in a text. */
export const blocksIn = (text: string, language: string): string[] =>
  [...text.matchAll(/```(\w+)\n(.*?)```/gs)].filter(m => m[1] === language).map(m => m[2]!);

/** Ways to sign in take the command to a login server; where only the rest is looked at, they are left out. */
export const signInOptions = [
  '--tenant-id',
  '--client-id',
  '--certificate-path',
  '--certificate-thumbprint',
  '--federated-token-file',
];

/** Arguments without the options of the sign-in and their values. */
export const withoutSignIn = (args: readonly string[]): string[] =>
  args.filter((arg, i) => !signInOptions.includes(arg) && !signInOptions.includes(args[i - 1] ?? ''));

export const hasCommand = (name: string): boolean =>
  spawnSync('sh', ['-c', `command -v ${name}`]).status === 0;

/** The arguments of a command of ours in an `ExecStart=` line. */
export function execStart(unit: string): string[] {
  const line = unit.split('\n').find(text => text.startsWith('ExecStart=/opt/UserSession/')) ?? '';
  return line.split(' ').slice(1);
}

export interface UnitFile {
  name: string;
  text: string;
}

/** The units of the systemd section, by the file name in their first line. */
export const units: UnitFile[] = blocksOf('systemd', 'ini').map(text => ({
  name: /^# \/etc\/systemd\/system\/(\S+)/.exec(text)?.[1] ?? '',
  text,
}));

/** The `run` steps of the workflow, by name. */
export const steps: Map<string, string> = new Map(
  [
    ...(blocksOf('GitHub Actions', 'yaml')[0] ?? '').matchAll(
      /^ {6}- name: (.*)\n(?: {8}if: .*\n)? {8}run: \|\n((?: {10}.*\n)+)/gm,
    ),
  ].map(([, name = '', text = '']) => [name, text.replace(/^ {10}/gm, '')]),
);
