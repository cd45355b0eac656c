import { badRequest, unsupportedQuery } from './graph-error.ts';
import type { Filter, Literal, Operator } from './odata-filter.ts';

/** What can be asked of a property: `none` is selectable only. */
export type Filterable = 'text' | 'text and end' | 'exact' | 'order' | 'none';

/** The properties of an entity type that filters know, by lower-case name. */
export interface EntityType {
  readonly name: string;
  readonly properties: ReadonlyMap<string, { name: string; filterable: Filterable; collection: boolean }>;
}

/** In a filter without the advanced capabilities, so many alternatives are the most. */
const mostAlternatives = 15;

/** Refuses what the directory cannot filter by; says whether the filter is an advanced one (graph-facts 4.1). */
export function checkFilter(
  filter: Filter,
  type: EntityType,
  advancedAllowed: boolean,
): { advanced: boolean } {
  const advanced = check(filter, type, undefined);
  const alternatives = countAlternatives(filter);
  if (!advancedAllowed && alternatives > mostAlternatives) {
    throw unsupportedQuery(
      `Too many child clauses specified in search filter expression containing 'OR' operators: ${alternatives}. Max allowed: ${mostAlternatives}.`,
    );
  }
  return { advanced };
}

function check(
  filter: Filter,
  type: EntityType,
  lambda: { collection: string; variable: string } | undefined,
): boolean {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const left = check(filter.left, type, lambda);
      return check(filter.right, type, lambda) || left;
    }
    case 'not':
      check(filter.of, type, lambda);
      return true;
    case 'any':
      return check(filter.of, type, filter);
    case 'compare':
      checkPath(
        filter.path,
        type,
        lambda,
        filter.operator === 'eq' || filter.operator === 'ne' ? 'exact' : 'order',
      );
      return filter.operator === 'ne' || filter.value === null;
    case 'in':
      checkPath(filter.path, type, lambda, 'exact');
      return false;
    case 'function':
      checkPath(filter.path, type, lambda, filter.name === 'endswith' ? 'text and end' : 'text');
      return filter.name === 'endswith';
  }
}

function checkPath(
  path: string,
  type: EntityType,
  lambda: { collection: string; variable: string } | undefined,
  need: Filterable,
): void {
  const known = type.properties.get((lambda?.collection ?? path).toLowerCase());
  if (!known)
    throw badRequest(
      `Could not find a property named '${lambda?.collection ?? path}' on type 'microsoft.graph.${type.name}'.`,
    );
  if (lambda && path.split('/')[0] !== lambda.variable)
    throw badRequest(`Could not find a property named '${path}' on type 'microsoft.graph.${type.name}'.`);
  const able = known.filterable;
  const served =
    able !== 'none' &&
    known.collection === (lambda !== undefined) &&
    (need === 'exact' ||
      able === need ||
      (need === 'text' && able === 'text and end') ||
      (need === 'order' && (able === 'text' || able === 'text and end')));
  // Sign-in names of any type can be asked for by their name and issuer, not by their type.
  if (!served || path.toLowerCase().endsWith('/signintype')) {
    throw unsupportedQuery(
      `Unsupported or invalid query filter clause specified for property '${known.name}' of resource '${type.name}'.`,
    );
  }
}

/** How many alternatives the longest list of them has. */
export function countAlternatives(filter: Filter): number {
  if (filter.kind === 'or') return countAlternatives(filter.left) + countAlternatives(filter.right);
  if (filter.kind === 'in') return filter.values.length;
  if (filter.kind === 'and') return Math.max(countAlternatives(filter.left), countAlternatives(filter.right));
  return 1;
}

/** Whether an object meets the filter. Text is compared without regard to case, as the directory does. */
export const matches = (filter: Filter, type: EntityType, object: object): boolean =>
  matchesBy(filter, type, name => Reflect.get(object, name));

/** The same for what is no object with these properties: `read` gives the value of each. */
export const matchesBy = (filter: Filter, type: EntityType, read: (name: string) => unknown): boolean =>
  test(filter, path => read(type.properties.get(path.toLowerCase())?.name ?? path));

function test(filter: Filter, valueOf: (path: string) => unknown): boolean {
  switch (filter.kind) {
    case 'and':
      return test(filter.left, valueOf) && test(filter.right, valueOf);
    case 'or':
      return test(filter.left, valueOf) || test(filter.right, valueOf);
    case 'not':
      return !test(filter.of, valueOf);
    case 'compare':
      return compare(valueOf(filter.path), filter.operator, filter.value);
    case 'in':
      return filter.values.some(value => compare(valueOf(filter.path), 'eq', value));
    case 'function': {
      const text = valueOf(filter.path);
      if (typeof text !== 'string') return false;
      const [whole, part] = [text.toLowerCase(), filter.value.toLowerCase()];
      return filter.name === 'startswith' ? whole.startsWith(part) : whole.endsWith(part);
    }
    case 'any': {
      const elements = valueOf(filter.collection);
      return (
        Array.isArray(elements) && elements.some(element => test(filter.of, path => inElement(element, path)))
      );
    }
  }
}

function inElement(element: unknown, path: string): unknown {
  const [, property] = path.split('/');
  if (property === undefined) return element;
  if (typeof element !== 'object' || element === null) return undefined;
  return Object.entries(element).find(([name]) => name.toLowerCase() === property.toLowerCase())?.[1];
}

function compare(actual: unknown, operator: Operator, expected: Literal): boolean {
  const left = typeof actual === 'string' ? actual.toLowerCase() : (actual ?? null);
  const right = typeof expected === 'string' ? expected.toLowerCase() : expected;
  if (operator === 'eq') return left === right;
  if (operator === 'ne') return left !== right;
  if (typeof left !== 'string' || typeof right !== 'string') return false;
  if (operator === 'ge') return left >= right;
  if (operator === 'le') return left <= right;
  return operator === 'gt' ? left > right : left < right;
}
