/** Changes the code that decides who is admitted, in hundreds of small ways, each of which a test has to notice. */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate: [
    'lib/tickets/{credentials,link,admission/refusal,claims/claim,claims/claims}.ts',
    'lib/tickets/secrets/{keyring,secret,verifier,verifier.format}.ts',
    'lib/invitations/{browser,clean-url,confirmation,cross-site,door,inert-request}.ts',
    'lib/invitations/{query-parameters,shown-credentials}.ts',
    'lib/invitations/passes/*.ts',
  ],
  coverageAnalysis: 'perTest',
  thresholds: { high: 95, low: 90, break: 85 },
  concurrency: 2,
  tempDirName: 'build/stryker',
  ignorePatterns: ['build', 'dist'],
  reporters: ['clear-text', 'html', 'progress'],
  clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
  htmlReporter: { fileName: 'build/mutation.html' },
  jsonReporter: { fileName: 'build/mutation.json' },
};
