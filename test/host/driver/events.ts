/** A value with the .NET type it had; dates are ISO texts with their kind, arrays hold tagged values. */
export interface TaggedValue {
  type: string;
  value: unknown;
  /** Of a datetime: Utc, Local or Unspecified. */
  kind?: string;
  /** Of a number: its .NET type, as Int32. */
  of?: string;
}

/** An object of the pipeline as data. */
export interface PowerShellObject {
  typeNames: string[];
  properties: Record<string, TaggedValue>;
  /** The object itself, for texts and numbers. */
  value: TaggedValue;
  /** What ToString gives. */
  text: string;
}

export interface PowerShellError {
  fullyQualifiedErrorId: string;
  category: string;
  categoryReason: string;
  categoryActivity: string;
  message: string;
  recommendedAction: string | null;
  exceptionType: string;
  innerExceptionType: string | null;
  targetObject: PowerShellObject | null;
  scriptName: string | null;
  line: number;
  sourceLine: string | null;
  command: string | null;
  scriptStackTrace: string | null;
  /** True if it ended the script. */
  terminating: boolean;
}

export interface PowerShellProgress {
  activity: string;
  status: string;
  currentOperation: string | null;
  percentComplete: number;
  secondsRemaining: number;
  activityId: number;
  recordType: 'Processing' | 'Completed';
}

export interface PowerShellPrompt {
  caption?: string;
  message?: string;
  choices?: string[];
  answer: string;
}

/** `ms`: since the script started. */
export type PowerShellEvent = { ms: number } & (
  | ({ stream: 'output' } & PowerShellObject)
  | ({ stream: 'error' } & PowerShellError)
  | { stream: 'warning' | 'verbose' | 'debug' | 'host' | 'whatif' | 'text'; text: string }
  | { stream: 'information'; text: string; tags: string[] }
  | ({ stream: 'progress' } & PowerShellProgress)
  | ({ stream: 'prompt' } & PowerShellPrompt)
  /** Ctrl+C was pressed, and it took so many milliseconds until the pipeline was at its end. */
  | { stream: 'stopped'; took: number }
  | { stream: 'done'; state: 'Completed' | 'Failed' | 'Stopped'; reason: string | null; exitCode?: number }
);

/** The plain values of an object's properties. */
export function plain(object: PowerShellObject): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(object.properties).map(([name, tagged]) => [name, untagged(tagged)]),
  );
}

/** How each object that came out reads as text. */
export const texts = ({ outputs }: { outputs: readonly PowerShellObject[] }): string[] =>
  outputs.map(output => output.text);

/** The fully qualified id of each error, in order. */
export const errorIds = ({ errors }: { errors: readonly PowerShellError[] }): string[] =>
  errors.map(error => error.fullyQualifiedErrorId);

function untagged(tagged: TaggedValue): unknown {
  return Array.isArray(tagged.value) ? tagged.value.map(item => untagged(item as TaggedValue)) : tagged.value;
}
