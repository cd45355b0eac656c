import type { JournalEntry } from './entry.ts';

type Form = (value: unknown) => boolean;

const text: Form = value => typeof value === 'string';
const textOrNull: Form = value => value === null || typeof value === 'string';
const whole: Form = Number.isSafeInteger;
const truth: Form = value => typeof value === 'boolean';
const truthOrNull: Form = value => value === null || typeof value === 'boolean';
const offset: Form = value => value === null || typeof value === 'number';
const time: Form = value => typeof value === 'string' && !Number.isNaN(Date.parse(value));
const table: Form = value => typeof value === 'object' && value !== null && !Array.isArray(value);

const shape = (fields: Readonly<Record<string, Form>>): Form => {
  const each = Object.entries(fields);
  return value =>
    table(value) && each.every(([name, form]) => form((value as Record<string, unknown>)[name]));
};
const listOf =
  (form: Form): Form =>
  value =>
    Array.isArray(value) && value.every(form);
const textsIn: Form = value => table(value) && Object.values(value as object).every(textOrNull);
const numbersIn: Form = value =>
  table(value) && Object.values(value as object).every(one => typeof one === 'number');

const actor = shape({
  account: textOrNull,
  objectId: textOrNull,
  clientId: textOrNull,
  authType: text,
  operator: text,
});
const stop = shape({ code: text, message: text });
const byText = shape({ text });
const byProperties = shape({ properties: textsIn });
const session = { session: text, version: text, actor, reason: textOrNull };

const row = shape({
  reference: text,
  userId: textOrNull,
  userPrincipalName: textOrNull,
  displayName: textOrNull,
  accountEnabled: truthOrNull,
  outcome: text,
  succeeded: truth,
  severity: text,
  revokedAt: textOrNull,
  sessionsValidFrom: textOrNull,
  accessTokensExpireBy: textOrNull,
  attempts: whole,
  requestId: textOrNull,
  detail: textOrNull,
});

const line = shape({ seq: whole, time });

const forms: Readonly<Record<JournalEntry['type'], Form>> = {
  begin: shape({
    ...session,
    format: value => value === 1,
    runId: text,
    tenantId: textOrNull,
    tenantName: textOrNull,
    graphUrl: text,
    simulated: truth,
    options: table,
  }),
  named: shape({ user: whole, reference: value => byText(value) || byProperties(value) }),
  intent: shape({ calls: listOf(shape({ user: whole, userId: text, attempt: whole })), clockOffset: offset }),
  outcome: shape({ user: whole, row, clockOffset: offset }),
  confirmed: shape({ question: text }),
  resume: shape(session),
  end: shape({ outcomes: numbersIn, stopped: value => value === null || stop(value) }),
};

/** True for the value of a line that has what its type needs; what it has beyond that is not looked at. */
export function isEntry(value: unknown): value is JournalEntry {
  if (!line(value)) return false;
  const { type } = value as { type?: unknown };
  return typeof type === 'string' && Object.hasOwn(forms, type) && forms[type as JournalEntry['type']](value);
}
