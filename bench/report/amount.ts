import type { Figure, Verdict } from '../case.ts';

/** A number in three digits, with its unit. */
export function amount(value: number, unit: Verdict['unit'] | Figure['unit']): string {
  const rounded = value >= 100 ? Math.round(value) : Number(value.toPrecision(3));
  const text = rounded.toLocaleString('en-US', { maximumFractionDigits: 4 });
  return unit === 'x' || unit === '%' ? `${text}${unit === 'x' ? ' x' : ' %'}` : `${text} ${unit}`;
}

/** What a measurement should come to. */
export const wanted = ({ goal, unit }: Verdict): string =>
  'most' in goal ? `<= ${amount(goal.most, unit)}` : `>= ${amount(goal.least, unit)}`;
