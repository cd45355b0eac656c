import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { build } from 'esbuild';
import { createGenerator } from 'ts-json-schema-generator';
import { root } from './paths.ts';
import { makePermissionsPage, permissionsPage } from './permissions-page.ts';

const protocol = join(root, 'src', 'protocol');
export const schemaFile = join(protocol, 'schema.json');
export const recordSchemaFile = join(root, 'docs', 'record.schema.json');
const generated = join(protocol, 'generated');

const generatorOf = (path: string, type: string) =>
  createGenerator({
    path,
    tsconfig: join(root, 'tsconfig.json'),
    type,
    additionalProperties: false,
    skipTypeCheck: true,
    topRef: false,
  });

const schemaText = (notice: string, schema: object): string =>
  `${JSON.stringify({ $comment: notice, ...schema }, null, 1)}\n`;

/** The JSON schema of the contract, made from its TypeScript types, and of the row, which travels packed. */
export function makeSchema(): string {
  const generator = generatorOf(join(protocol, '*.ts'), '*');
  const schema = generator.createSchema('*');
  const { type, properties, required, additionalProperties, description } =
    generator.createSchema('RevocationResult');
  const RevocationResult = { type, properties, required, additionalProperties, description };
  return schemaText('This file is generated from src/protocol/*.ts by "npm run generate"; do not edit it.', {
    ...schema,
    definitions: { ...schema.definitions, RevocationResult },
  });
}

/** The JSON schema of one line of a run's record, for whoever reads records with other tools. */
export const makeRecordSchema = (): string =>
  schemaText(
    'One line of the record of a run. Generated from src/journal/entry.ts by "npm run generate"; do not edit.',
    generatorOf(join(root, 'src', 'journal', 'entry.ts'), 'JournalEntry').createSchema('JournalEntry'),
  );

/** Writes what is generated and committed: the schemas of contract and record, and the page of permissions. */
export function writeCommitted(): void {
  writeFileSync(schemaFile, makeSchema());
  writeFileSync(recordSchemaFile, makeRecordSchema());
  writeFileSync(permissionsPage, makePermissionsPage());
}

/** The committed files that are out of step with their source. */
export function outOfStep(): string[] {
  const wanted = {
    [schemaFile]: makeSchema(),
    [recordSchemaFile]: makeRecordSchema(),
    [permissionsPage]: makePermissionsPage(),
  };
  return Object.entries(wanted).flatMap(([file, text]) =>
    existsSync(file) && readFileSync(file, 'utf8') === text ? [] : [relative(root, file)],
  );
}

/** Everything that reaches the engine, and the two replies whose shape is promised to users. */
const validated = [
  'TenantDescribeParams',
  'TenantConnectParams',
  'TenantDisconnectParams',
  'AccessTestParams',
  'SessionsListParams',
  'SessionsMoreParams',
  'PolicyShowParams',
  'SignInsWatchParams',
  'RunsListParams',
  'RunsShowParams',
  'RunBeginParams',
  'UsersFindParams',
  'UserDescribeParams',
  'UserRevokeParams',
  'RunEndParams',
  'CancelParams',
  'HostTokenResult',
  'HostConfirmResult',
  'RevocationResult',
  'RunSummary',
  'AccessReport',
  'RecordedRunInfo',
];

/** Compiles the checks of what reaches the engine, so that no schema is compiled when it starts. */
export async function writeValidators(): Promise<void> {
  const ajv = new Ajv({ strict: false, allErrors: false, code: { source: true, esm: true, optimize: true } });
  (addFormats as unknown as (a: Ajv) => void)(ajv);
  ajv.addSchema(JSON.parse(readFileSync(schemaFile, 'utf8')), 'protocol');
  for (const name of validated) ajv.addSchema({ $id: name, $ref: `protocol#/definitions/${name}` });
  const refs = Object.fromEntries(validated.map(name => [name, name]));
  const code = (standaloneCode as unknown as (a: Ajv, r: Record<string, string>) => string)(ajv, refs);
  mkdirSync(generated, { recursive: true });
  // ajv's code requires its own runtime helpers; bundled, the file stands alone.
  await build({
    stdin: { contents: code, resolveDir: root, loader: 'js' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    outfile: join(generated, 'validators.js'),
    banner: { js: '// Generated from schema.json by "npm run generate"; do not edit.' },
    logLevel: 'error',
  });
  const names = validated.map(n => `export declare const ${n}: Check;`);
  writeFileSync(
    join(generated, 'validators.d.ts'),
    [
      '// Generated from schema.json by "npm run generate"; do not edit.',
      'export interface CheckError { instancePath: string; message?: string; params: Record<string, unknown> }',
      'export interface Check { (value: unknown): boolean; errors?: CheckError[] | null }',
      ...names,
      '',
    ].join('\n'),
  );
}
