import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus, totalmem, type as osType } from 'node:os';
import { root } from '../build/paths.ts';
import { type BenchCase, isMet } from './case.ts';
import { cases } from './cases.ts';
import { reportFiles } from './report/files.ts';
import { type CaseResult, readResults, writeResults } from './report/results.ts';

/** Runs the chosen cases, or all, and writes what they found into page and picture; resolves with the exit code. */
export async function runBench(chosen: readonly string[]): Promise<number> {
  const unknown = chosen.filter(name => !cases.some(c => c.name === name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no case ${unknown.join(', ')}: ${cases.map(c => c.name).join(', ')}.\n`);
    return 1;
  }
  const results = new Map(readResults().map(result => [result.name, result]));
  let failed = 0;
  for (const one of cases.filter(c => chosen.length === 0 || chosen.includes(c.name))) {
    process.stdout.write(`${one.title} ...\n`);
    try {
      const result = await measured(one);
      results.set(one.name, result);
      for (const v of result.verdicts)
        process.stdout.write(
          `  ${isMet(v) ? 'met   ' : 'MISSED'} ${v.claim}: ${v.value.toPrecision(3)} ${v.unit}\n`,
        );
    } catch (error) {
      failed += 1;
      process.stderr.write(
        `  failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
      );
    }
    // After each case, so that a bench that is broken off has left what it found.
    const ordered = cases.flatMap(c => results.get(c.name) ?? []);
    writeResults(ordered);
    for (const { file, text } of reportFiles(ordered)) writeFileSync(file, text);
  }
  return failed > 0 ? 1 : 0;
}

async function measured(one: BenchCase): Promise<CaseResult> {
  const startedAt = performance.now();
  const findings = await one.run();
  const { name, title, method } = one;
  return {
    name,
    title,
    method,
    ...findings,
    commit: spawnSync('git', ['describe', '--always', '--dirty'], { cwd: root }).stdout.toString().trim(),
    measuredAt: new Date().toISOString(),
    machine: `${osType()}, ${cpus().length} cores (${cpus()[0]?.model ?? 'unknown'}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  };
}
