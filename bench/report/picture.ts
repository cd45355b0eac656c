import * as echarts from 'echarts';
import type { ChartPart, Row } from './chart-part.ts';
import { goalsPart } from './goals.ts';
import { darkStyle, ink, paper } from './ink.ts';
import { racesPart } from './races.ts';
import type { CaseResult } from './results.ts';

const width = 960;
const margin = 20;
const columns = { left: 390, right: 255 };
const rowHeight = 19;

/**
 * bench/results.svg: who takes how long, and how far each measurement is from its goal. The same results give the same
 * text, whatever machine draws it: letters are measured by ECharts' own table, and drawn in whatever sans-serif there is.
 */
export function makePicture(results: readonly CaseResult[]): string {
  let height = margin;
  const placed = [racesPart(results), goalsPart(results)]
    .filter(part => part.rows.length > 0)
    .map(part => {
      const top = height;
      height += part.rows.length * rowHeight + 75;
      return { part, top };
    });
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: ink.text },
    title: placed.map(({ part, top }) => ({
      text: part.title,
      left: margin - 5,
      top: top - 5,
      textStyle: { fontSize: 15, color: ink.text },
    })),
    grid: placed.map(({ part, top }) => ({
      ...columns,
      top: top + 28,
      height: part.rows.length * rowHeight,
    })),
    xAxis: placed.map(({ part }, i) => xAxis(part, i)),
    yAxis: placed.flatMap(({ part: { rows } }, i) => [leftColumn(rows, i), rightColumn(rows, i)]),
    series: placed.flatMap(({ part }, i) =>
      part.series.map(one => ({ ...one, xAxisIndex: i, yAxisIndex: 2 * i })),
    ),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return finished(svg, height);
}

const xAxis = ({ axis: { min, max, axisLabel } }: ChartPart, gridIndex: number): object => ({
  gridIndex,
  type: 'log',
  min,
  max,
  axisLabel: { color: ink.muted, formatter: axisLabel },
  axisTick: { show: false },
  splitLine: { lineStyle: { color: ink.line } },
});

const leftColumn = (rows: readonly Row[], gridIndex: number): object =>
  column(rows, gridIndex, 'left', ({ left, leftTone }) => `{${leftTone}|${plain(left)}}`);

const rightColumn = (rows: readonly Row[], gridIndex: number): object =>
  column(rows, gridIndex, 'right', ({ right, rightTone }) => (right ? `{${rightTone}|${plain(right)}}` : ''));

/** So many letters of a wide font have room. */
const longest = 54;

/** Without what would mean something to ECharts, or to Markdown. */
function plain(text: string): string {
  const shown = text.replaceAll(/[{}|`]/g, '').replaceAll(/ +/g, ' ');
  return shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown;
}

const column = (
  rows: readonly Row[],
  gridIndex: number,
  position: 'left' | 'right',
  text: (row: Row) => string,
): object => ({
  gridIndex,
  type: 'category',
  inverse: true,
  position,
  data: rows.map(text),
  axisLine: { show: false },
  axisTick: { show: false },
  axisLabel: {
    interval: 0,
    align: 'left',
    margin: position === 'left' ? columns.left - margin : 12,
    rich: {
      heading: { fontSize: 12, color: ink.muted, fontWeight: 'bold' },
      plain: { fontSize: 12, color: ink.text },
      ours: { fontSize: 12, color: ink.ours, fontWeight: 'bold' },
      met: { fontSize: 12, color: ink.met },
      missed: { fontSize: 12, color: ink.missed },
    },
  },
});

/** Takes out what is for a mouse or counted on from picture to picture, and puts in the paper and the colors for the dark. */
function finished(svg: string, height: number): string {
  const sheet = `<rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="6" fill="${paper.light}" stroke="${ink.line}"/>`;
  return `${svg
    .replaceAll(/ (class|ecmeta_\w+|pointer-events)="[^"]*"/g, '')
    .replaceAll(/<style ?>.*?<\/style>\n?/gs, '')
    .replace(/<svg[^>]*>/, head => `${head}\n${darkStyle}\n${sheet}`)}\n`;
}
