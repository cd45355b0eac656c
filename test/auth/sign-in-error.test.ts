import { expect, test } from 'vitest';
import { signInErrorOf } from '../../src/auth/sign-in-error.ts';
import { shownLine } from '../../src/cli/shown-line.ts';
import { shownText } from '../../src/service/shown-text.ts';
import { hostileShown, hostileText } from '../support/hostile-text.ts';

test.each([
  `AADSTS99999: ${hostileText} Trace ID: ${hostileText} Correlation ID: ${'c'.repeat(100_000)}`,
  `AADSTS${'9'.repeat(100_000)}: ${hostileText}`,
  `${hostileText.repeat(10_000)} More details: AADSTS7000215: ${'x '.repeat(500_000)}`,
  hostileText,
])('what Entra says is told short and tame (%#)', said => {
  const start = performance.now();
  const { message } = signInErrorOf(new Error(said), null);
  expect(message.length).toBeLessThan(1000);
  for (const shown of [shownText(message), shownLine(message)]) expect(hostileShown.exec(shown)).toBeNull();
  expect(performance.now() - start).toBeLessThan(1000);
});
