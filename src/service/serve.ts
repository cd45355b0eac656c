import { protocolNumber } from '../protocol/messages.ts';
import { identityProperties } from '../protocol/reference.ts';
import { version } from '../version.ts';
import { writeNow } from '../write-now.ts';

/**
 * `usersession serve`: speaks the protocol on stdin and stdout until stdin ends. The engine speaks first, and loads what
 * it works with while the host gets ready.
 */
export async function serve(): Promise<void> {
  // Ctrl+C goes to the whole group; what it means is the host's decision, which it tells by message or by closing stdin.
  process.on('SIGINT', () => {});
  const params = { protocol: protocolNumber, version, identityProperties: [...identityProperties] };
  writeNow(`${JSON.stringify({ jsonrpc: '2.0', method: 'hello', params })}\n`, rest => {
    // A host that is gone already is answered nothing.
    process.stdout.on('error', () => process.exit(0)).write(rest);
  });
  const { converse } = await import('./conversation.ts');
  converse();
}
