import { invalidFilter, type Token, tokenize } from './odata-tokens.ts';

export type Literal = string | number | boolean | null;
export type Operator = 'eq' | 'ne' | 'ge' | 'le' | 'gt' | 'lt';

/** A filter as a tree. Paths are as written; inside a lambda they begin with its variable. */
export type Filter =
  | { kind: 'and' | 'or'; left: Filter; right: Filter }
  | { kind: 'not'; of: Filter }
  | { kind: 'compare'; path: string; operator: Operator; value: Literal }
  | { kind: 'in'; path: string; values: Literal[] }
  | { kind: 'function'; name: 'startswith' | 'endswith'; path: string; value: string }
  | { kind: 'any'; collection: string; variable: string; of: Filter };

/** Nobody means more than this, and a deeper one would overflow the stack. */
const deepest = 100;

const operators: readonly string[] = ['eq', 'ne', 'ge', 'le', 'gt', 'lt'];

/** Reads the part of OData's filter language that the directory understands; throws Graph's 400 for the rest. */
export function parseFilter(text: string): Filter {
  const parser = new Parser(tokenize(text), text);
  const filter = parser.or();
  parser.end();
  return filter;
}

class Parser {
  readonly #tokens: Token[];
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(tokens: Token[], text: string) {
    this.#tokens = tokens;
    this.#text = text;
  }

  or(): Filter {
    let left = this.#and();
    while (this.#takeWord('or')) left = { kind: 'or', left, right: this.#and() };
    return left;
  }

  end(): void {
    if (this.#at < this.#tokens.length) throw this.#error();
  }

  #and(): Filter {
    let left = this.#not();
    while (this.#takeWord('and')) left = { kind: 'and', left, right: this.#not() };
    return left;
  }

  #not(): Filter {
    if (++this.#depth > deepest) throw invalidFilter('The expression is nested too deeply.');
    const filter = this.#takeWord('not') ? ({ kind: 'not', of: this.#not() } as const) : this.#term();
    this.#depth--;
    return filter;
  }

  #term(): Filter {
    if (!this.#takeMark('(')) return this.#condition();
    const inner = this.or();
    this.#needMark(')');
    return inner;
  }

  #condition(): Filter {
    const path = this.#word();
    const lower = path.toLowerCase();
    if (this.#takeMark('(')) {
      if (lower === 'startswith' || lower === 'endswith') return this.#function(lower);
      if (lower.endsWith('/any')) return this.#lambda(path.slice(0, -'/any'.length));
      throw invalidFilter(`An unknown function with name '${path}' was found.`);
    }
    const operator = this.#word().toLowerCase();
    if (operator === 'in') return { kind: 'in', path, values: this.#list() };
    if (!operators.includes(operator)) throw this.#error();
    return { kind: 'compare', path, operator: operator as Operator, value: this.#literal() };
  }

  #function(name: 'startswith' | 'endswith'): Filter {
    const path = this.#word();
    this.#needMark(',');
    const value = this.#literal();
    if (typeof value !== 'string') throw this.#error();
    this.#needMark(')');
    return { kind: 'function', name, path, value };
  }

  #lambda(collection: string): Filter {
    const variable = this.#word();
    this.#needMark(':');
    const of = this.or();
    this.#needMark(')');
    return { kind: 'any', collection, variable, of };
  }

  #list(): Literal[] {
    this.#needMark('(');
    const values = [this.#literal()];
    while (this.#takeMark(',')) values.push(this.#literal());
    this.#needMark(')');
    return values;
  }

  #literal(): Literal {
    const token = this.#tokens[this.#at++];
    if (token?.kind === 'string') return token.text;
    if (token?.kind !== 'word') throw this.#error();
    if (token.text === 'null') return null;
    if (/^(true|false)$/i.test(token.text)) return token.text.toLowerCase() === 'true';
    if (/^-?\d+(\.\d+)?$/.test(token.text)) return Number(token.text);
    // Times are written without quotes; anything else bare is a name in the wrong place.
    if (/^\d{4}-\d\d-\d\d/.test(token.text) || /^[0-9a-f]{8}-/i.test(token.text)) return token.text;
    throw this.#error();
  }

  #word(): string {
    const token = this.#tokens[this.#at++];
    if (token?.kind !== 'word') throw this.#error();
    return token.text;
  }

  #takeWord(text: string): boolean {
    const token = this.#tokens[this.#at];
    const found = token?.kind === 'word' && token.text.toLowerCase() === text;
    if (found) this.#at++;
    return found;
  }

  #takeMark(text: string): boolean {
    const token = this.#tokens[this.#at];
    const found = token?.kind === 'mark' && token.text === text;
    if (found) this.#at++;
    return found;
  }

  #needMark(text: string): void {
    if (!this.#takeMark(text)) throw this.#error();
  }

  #error(): Error {
    return invalidFilter(`Syntax error at position ${this.#at} in '${this.#text}'.`);
  }
}
