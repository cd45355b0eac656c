import { Connector } from '../auth/connect.ts';
import { systemClock } from '../graph/clock.ts';
import { Quotas } from '../graph/quotas.ts';
import { Records } from '../journal/records.ts';
import { version } from '../version.ts';
import { LineReader } from './line-reader.ts';
import { Listener } from './listener.ts';
import { MessageWriter } from './message-writer.ts';
import { Session } from './session.ts';

/** The engine has to be gone two seconds after its stdin ended (design section 4); this much is for settling what was sent. */
const settlingTime = 1500;

/** Answers what comes on stdin until that ends, or whoever reads stdout has gone; then ends the process. */
export function converse(): void {
  const writer = new MessageWriter(process.stdout);
  const session = new Session({
    writer,
    connector: new Connector(systemClock),
    clock: systemClock,
    quotas: new Quotas(),
    records: new Records(process.env, version),
  });
  const lines = new LineReader(
    line => session.receive(line),
    () => session.refuseLine(),
  );

  let leaving = false;
  const leave = () => {
    if (leaving) return;
    leaving = true;
    // Whatever still holds the process - a connection, a timer - has had its time.
    void session.end(settlingTime).finally(() => process.exit(0));
  };
  new Listener(process.stdin, () => writer.waiting, leave).start(bytes => lines.push(bytes));
  process.stdin.on('end', () => {
    lines.end();
    leave();
  });
  process.stdin.on('error', leave);
  // A host that no longer reads is as gone as one that no longer writes.
  process.stdout.on('error', leave);
  process.on('SIGTERM', leave);
  process.on('SIGHUP', leave);
}
