import { Command } from 'commander';
import { connectionChecks, environmentChecks } from './doctor.checks.js';
import { type Diagnosis, diagnosis } from './doctor.diagnosis.js';
import { EXIT } from './failure.js';
import { columns } from './output.js';
import type { Run } from './session.js';

export const doctorCommand = (run: Run): Command =>
  new Command('doctor').description('check what the ticket office depends on').action(() =>
    run(async (session) => {
      // What follows a check that fails is checked, too, as far as it can be.
      const found: Diagnosis[] = [];
      for (const { what, check } of [...environmentChecks(), ...connectionChecks(session)]) {
        session.signal.throwIfAborted();
        found.push(await diagnosis(what, check));
      }
      session.output.print(found, columns(found.map(row)));
      if (found.some(({ status }) => status === 'fail')) session.output.exitCode = EXIT.failed;
    }),
  );

const row = ({ status, what, message, advice }: Diagnosis): string[] => [
  status,
  what,
  advice === undefined ? message : `${message} (${advice})`,
];
