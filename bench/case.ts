/** What was measured of one subject: the median of so many runs, and how far they spread. */
export interface Figure {
  /** Whom it is about, the same words wherever it is compared: "UserSession, executable". */
  subject: string;
  /** What was measured. */
  measure: string;
  unit: 'ms' | 's' | 'users/s' | 'users' | 'MiB' | 'µs' | '%' | 'requests' | 'x';
  median: number;
  low: number;
  high: number;
  runs: number;
}

/** A goal of the project, and how far the measurement is from it. */
export interface Verdict {
  /** What is held against what: "executable over bare node". */
  claim: string;
  value: number;
  unit: 'x' | '%' | 'users/s' | 'MiB' | 'ms' | 'requests';
  goal: { most: number } | { least: number };
  /** Why a goal is missed, or what a reader must know to believe it. */
  note?: string;
}

/** What a case found. */
export interface Findings {
  figures: Figure[];
  verdicts: Verdict[];
}

/** One question of the benchmark: measures us and our rivals in one run, alternating. */
export interface BenchCase {
  /** For `npm run bench -- --case NAME`. */
  name: string;
  /** The question, for a heading. */
  title: string;
  /** How it is measured, for somebody who wants to doubt it; Markdown. */
  method: string;
  /** @throws when something it needs can't be had; that case alone then fails */
  run(): Promise<Findings>;
}

export const isMet = ({ value, goal }: Verdict): boolean =>
  'most' in goal ? value <= goal.most : value >= goal.least;
