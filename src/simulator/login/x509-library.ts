/** By name, since a CommonJS library that is imported dynamically shows its names in Node alone, and not once it is bundled. */
export * as x509 from '@peculiar/x509';
