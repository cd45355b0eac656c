import { webcrypto } from 'node:crypto';

type Library = typeof import('@peculiar/x509');

/**
 * Loads what makes certificates. The library looks for a reflection of decorators meanwhile, and none of its classes uses
 * one. So an empty one is there as long as it takes, unless somebody brought a real one.
 */
export async function loadX509(): Promise<Library> {
  const x509 = await load();
  x509.cryptoProvider.set(webcrypto);
  return x509;
}

async function load(): Promise<Library> {
  const reflection = Reflect as { getMetadata?: unknown; getOwnMetadata?: unknown };
  const library = async () => (await import('./x509-library.ts')).x509;
  if (reflection.getMetadata) return library();
  const nothing = (): undefined => undefined;
  Object.assign(reflection, { getMetadata: nothing, getOwnMetadata: nothing });
  try {
    return await library();
  } finally {
    delete reflection.getMetadata;
    delete reflection.getOwnMetadata;
  }
}
