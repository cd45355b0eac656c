import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import { root } from '../../build/paths.ts';
import type { HostMessage } from '../../src/protocol/envelope.ts';

const ajv = new Ajv({ strict: false, allErrors: true });
(formats as unknown as (ajv: Ajv) => void)(ajv);
const schema = readFileSync(join(root, 'src', 'protocol', 'schema.json'), 'utf8');
ajv.addSchema(JSON.parse(schema) as object, 'contract');

const check = (name: string) => ajv.getSchema(`contract#/definitions/${encodeURIComponent(name)}`)!;
const request = check('Request<HostRequests>');
const notification = check('Notification<HostNotifications>');
const success = check('Success');
const failure = check('Failure');

/** What is wrong with messages of a host by the contract's schema; nothing when they are right. */
export function contractErrors(
  messages: readonly HostMessage[],
): { message: HostMessage; errors: unknown }[] {
  return messages.flatMap(message => {
    const asked = 'method' in message ? ('id' in message ? request : notification) : null;
    const kind = asked ?? ('error' in message ? failure : success);
    return kind(message) ? [] : [{ message, errors: kind.errors }];
  });
}
