/** A line of a part: what stands left and right of the drawing. */
export interface Row {
  left: string;
  leftTone: 'heading' | 'plain' | 'ours';
  right?: string;
  rightTone?: 'plain' | 'ours' | 'met' | 'missed';
}

/** One drawing of the picture: rows over a logarithmic axis, and what ECharts draws for them. */
export interface ChartPart {
  title: string;
  rows: Row[];
  axis: { min: number; max: number; axisLabel: (value: number) => string };
  series: object[];
}
