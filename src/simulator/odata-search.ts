import { badRequest } from './graph-error.ts';
import type { EntityType } from './odata-match.ts';

/** Properties whose words are searched one by one; the others are searched from their beginning (Microsoft, "Use the $search query parameter"). */
const byWord = ['displayName', 'description'];

/** Reads `"displayName:ann" OR "mail:ann"` into a test of objects. AND binds as strongly as OR, from the left. */
export function searchTest(search: string, type: EntityType): (object: object) => boolean {
  const parts = [...search.matchAll(/\s*(?:(AND|OR)\s+)?"((?:[^"\\]|\\.)*)"/gy)];
  const length = parts.reduce((sum, part) => sum + part[0].length, 0);
  if (parts.length === 0 || search.slice(length).trim() !== '') {
    throw badRequest(
      `Syntax error: character '${search.charAt(length)}' is not valid at position ${length} in '${search}'.`,
    );
  }
  const clauses = parts.map(([, joint, text = '']) => ({
    joint,
    holds: clause(text.replace(/\\(.)/g, '$1'), type),
  }));
  return object =>
    clauses.reduce((soFar, { joint, holds }, index) => {
      if (index === 0) return holds(object);
      return joint === 'OR' ? soFar || holds(object) : soFar && holds(object);
    }, false);
}

function clause(text: string, type: EntityType): (object: object) => boolean {
  const colon = text.indexOf(':');
  const property = type.properties.get(text.slice(0, colon).toLowerCase());
  if (colon < 0 || !property)
    throw badRequest(`Unrecognized clause '${text}'. A clause is written as "property:value".`);
  const wanted = text.slice(colon + 1).toLowerCase();
  return object => {
    const value: unknown = Reflect.get(object, property.name);
    const texts = (Array.isArray(value) ? value : [value])
      .filter(one => typeof one === 'string')
      .map(one => one.toLowerCase());
    if (!byWord.includes(property.name)) return texts.some(one => one.startsWith(wanted));
    return texts.some(
      one => one.startsWith(wanted) || one.split(/[\s\p{P}]+/u).some(part => part.startsWith(wanted)),
    );
  };
}
