import type { asn1 } from 'node-forge';

/** Universal tags of ASN.1 (X.680). */
const integer = 2;
const octetString = 4;

/**
 * The most rounds of key derivation that the MAC of a PFX (`macData`), or the parameters of its ciphers, ask for: the numbers
 * that follow a salt (RFC 7292, RFC 8018). Told before any of them is spent, since a damaged one may be billions. What is
 * packed as bytes inside of an OCTET STRING is not looked into.
 */
export function mostIterations(node: asn1.Asn1, depth = 0): number {
  if (depth > 30) return 0;
  if (typeof node.value === 'string') return 0;
  let most = 0;
  node.value.forEach((child, index) => {
    const before = node.value[index - 1];
    const afterSalt = typeof before === 'object' && Number(before.type) === octetString;
    if (afterSalt && Number(child.type) === integer) most = Math.max(most, numberOf(child));
    most = Math.max(most, mostIterations(child, depth + 1));
  });
  return most;
}

function numberOf({ value }: asn1.Asn1): number {
  if (typeof value !== 'string') return 0;
  return [...value].reduce((sum, byte) => sum * 256 + byte.charCodeAt(0), 0);
}
