import { Injectable, Logger, type OnModuleInit } from '@nestjs/common';
import { parametersIn } from '../tickets/definitions/place.parameters.js';
import { type Requirement, requirementOn } from './requirement.js';
import { Routes } from './routes.js';

/**
 * Warns, at boot, of routes that admit tickets which were meant for other routes: a value of a parameter may be what
 * another place has there, and two definitions may share place and purpose. No error: the app may issue neither.
 */
@Injectable()
export class ScopeOverlapCheck implements OnModuleInit {
  private readonly logger = new Logger('TicketOffice');

  constructor(private readonly routes: Routes) {}

  onModuleInit(): void {
    const seen: Requirement[] = [];
    for (const { handler, controller } of this.routes.all()) {
      const requirement = requirementOn(handler, controller);
      if (requirement) seen.push(requirement);
    }
    const warnings = seen.flatMap((one, index) => seen.slice(index + 1).flatMap((two) => overlap(one, two)));
    for (const warning of new Set(warnings)) this.logger.warn(warning);
  }
}

function overlap(one: Requirement, two: Requirement): string[] {
  if (one.purpose !== two.purpose) return [];
  if (one.place === two.place) return sharedScope(one, two);
  const reached = reachedPlace(one.place, two.place);
  if (reached === undefined) return [];
  return [
    `A ticket for '${one.place}' and one for '${two.place}', both to '${one.purpose}', may be for the same place, '${reached}': each admits to the other's handlers then. Give one of them another purpose, or, in place of the fixed text, one that no parameter is filled with, such as '@me'`,
  ];
}

/** Tickets of two definitions whose data differ: what one has stored, the other's handler reads. */
const sharedScope = ({ place, purpose, definition }: Requirement, other: Requirement): string[] =>
  definition && other.definition && definition.data !== other.definition.data
    ? [
        `Two definitions with different data have the same place and purpose ('${place}', '${purpose}'): the tickets of each admit to the other's handlers. Give one of them another purpose`,
      ]
    : [];

/**
 * A place that two patterns have in common, where one has a parameter and the other has text. Two parameters are no
 * mistake: two routes may be for the same tickets, and name a parameter differently.
 */
function reachedPlace(one: string, two: string): string | undefined {
  const [left, right] = [one.split('/'), two.split('/')];
  if (left.length !== right.length) return undefined;
  const segments = left.map((segment, index) => sharedSegment(segment, right[index]!));
  if (segments.includes(undefined)) return undefined;
  const isFilled = left.some((segment, index) => isParameter(segment) !== isParameter(right[index]!));
  return isFilled ? segments.join('/') : undefined;
}

function sharedSegment(one: string, two: string): string | undefined {
  if (isParameter(one) && isParameter(two)) return one;
  if (isParameter(one)) return isValue(two) ? two : undefined;
  if (isParameter(two)) return isValue(one) ? one : undefined;
  return one === two ? one : undefined;
}

const isParameter = (segment: string): boolean => parametersIn(segment).length > 0;

/** Whether a parameter may be filled so: values are encoded. */
function isValue(segment: string): boolean {
  try {
    return segment !== '' && encodeURIComponent(decodeURIComponent(segment)) === segment;
  } catch {
    return false;
  }
}
