/** The colors of the picture by daylight. */
export const ink = {
  text: '#1f2328',
  muted: '#59636e',
  line: '#d1d9e0',
  ours: '#0969da',
  met: '#1a7f37',
  missed: '#bc4c00',
} as const;

const inTheDark: Record<keyof typeof ink, string> = {
  text: '#f0f6fc',
  muted: '#9198a1',
  line: '#3d444d',
  ours: '#4493f8',
  met: '#3fb950',
  missed: '#db6d28',
};

/** What it is drawn on. It brings its own, because a page may be dark where its reader's system is not. */
export const paper = { light: '#ffffff', dark: '#0d1117' } as const;

const rule = (from: string, to: string): string =>
  `[fill="${from}"]{fill:${to}}[stroke="${from}"]{stroke:${to}}`;

/** Turns all of them over where the reader likes it dark. */
export const darkStyle = `<style>@media (prefers-color-scheme:dark){${[
  ...(Object.keys(ink) as (keyof typeof ink)[]).map(name => rule(ink[name], inTheDark[name])),
  rule(paper.light, paper.dark),
].join('')}}</style>`;
