import tseslint from 'typescript-eslint';

export default tseslint.config(
  { ignores: ['build/out/**', 'src/protocol/generated/**', 'test/host/**/bin/**', 'test/host/**/obj/**'] },
  ...tseslint.configs.recommended,
  {
    files: ['src/**/*.ts'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // stdout belongs to the protocol, and a promise nobody waits for is a user nobody settles.
      'no-console': 'error',
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
    },
  },
);
