type Fact = number | string | boolean;

/** What was wrong, in sentences: a check that returns them can be shown to find fault with a naive double. */
export const faultsOf = (facts: Record<string, [found: Fact, wanted: Fact]>): string[] =>
  Object.entries(facts)
    .filter(([, [found, wanted]]) => found !== wanted)
    .map(([what, [found, wanted]]) => `${what}: ${found}, not ${wanted}`);
