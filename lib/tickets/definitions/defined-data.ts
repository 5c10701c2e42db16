import { describe } from '../input/rules.js';
import { checkClassData } from './class-data.js';
import { dataClassProblems, isDataClass } from './data-class.js';
import type { CheckedData } from './data.faults.js';
import { checkSchemaData, isSchema, schemaProblem } from './schema-data.js';
import type { DataRules } from './ticket.definition.js';

/** What is wrong with the rules that a definition has for its data: one sentence for each problem. */
export function dataRulesProblems(rules: unknown): string[] {
  if (rules === undefined) return [];
  if (isSchema(rules)) {
    const problem = schemaProblem(rules);
    return problem === undefined ? [] : [`data ${problem}`];
  }
  if (isDataClass(rules)) return dataClassProblems(rules);
  return [
    `data must be a class with rules of class-validator, or a schema (zod, valibot, arktype), not ${describe(rules)}`,
  ];
}

/** Checks the `data` of an input, which may have none, and returns what is to be stored, or its faults. */
export const checkData = async (rules: DataRules | undefined, data: unknown): Promise<CheckedData> => {
  if (rules === undefined) return { data };
  return isSchema(rules)
    ? checkSchemaData(rules, data)
    : checkClassData(rules, data === undefined ? {} : data);
};
