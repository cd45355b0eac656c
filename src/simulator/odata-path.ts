import { badRequest, noSuchSegment } from './graph-error.ts';

/** One part of a path; `users('x')` gives two. */
export interface Segment {
  /** Decoded. */
  readonly text: string;
  /** Came in parentheses and quotes. */
  readonly quoted: boolean;
}

export interface ODataPath {
  readonly version: 'v1.0' | 'beta';
  readonly segments: readonly Segment[];
  /** Undecoded, without the question mark. */
  readonly query: string;
}

/** Takes a request target apart. What follows a raw `#` is a fragment and never reaches a server. */
export function parsePath(target: string): ODataPath {
  const [beforeFragment = ''] = target.split('#', 1);
  const questionMark = beforeFragment.indexOf('?');
  const path = questionMark < 0 ? beforeFragment : beforeFragment.slice(0, questionMark);
  const query = questionMark < 0 ? '' : beforeFragment.slice(questionMark + 1);
  const [versionText = '', ...parts] = path.split('/').filter(part => part !== '');
  const version = versionText.toLowerCase();
  if (version !== 'v1.0' && version !== 'beta') throw badRequest(`Invalid version: ${versionText}`);
  return { version, segments: parts.flatMap(parseSegment), query };
}

function parseSegment(part: string): Segment[] {
  const text = decode(part);
  const withKey = /^([A-Za-z.]+)\((?:[A-Za-z]+=)?'(.*)'\)$/s.exec(text);
  if (!withKey) {
    // The dollar sign is kept for the system's own segments, so a name that begins with it needs the other form.
    if (text.startsWith('$') && !['$count', '$batch', '$metadata', '$ref', '$value'].includes(text))
      throw noSuchSegment(text);
    return [{ text, quoted: false }];
  }
  const [, name = '', key = ''] = withKey;
  return [
    { text: name, quoted: false },
    { text: key.replaceAll("''", "'"), quoted: true },
  ];
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw badRequest('The request URI is not valid.');
  }
}
