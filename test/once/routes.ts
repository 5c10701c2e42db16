import type { Type } from '@nestjs/common';
import { hallController, limitNames } from './hall.controller.js';
import { redeemController } from './redeem.controller.js';
import { type StampName, stampNames } from './stamps.js';
import { TallyController } from './tally.js';
import { visitController } from './visit.controller.js';

/** The path of a handler: the name of what uses its tickets up. */
export type Route = StampName | 'StampInTransaction';

/** @param app the name to write beside the effects */
export const controllersOf = (app: string): Type[] => [
  ...stampNames.map((stamp) => visitController(app, stamp)),
  redeemController(app),
  ...limitNames.map(hallController),
  TallyController,
];
