/** Changes the code that decides who is admitted, in hundreds of small ways, each of which a test has to notice. */
export default {
  testRunner: 'vitest',
  vitest: { configFile: 'vitest.mutation.config.ts', related: false },
  mutate: [
    'lib/tickets/{credentials,link,ticket.refusal,claims/claim,claims/claims}.ts',
    'lib/tickets/secrets/{keyring,secret,verifier}.ts',
    'lib/invitations/{client,confirmation,cross-site,extract-credentials,place,request-target}.ts',
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
