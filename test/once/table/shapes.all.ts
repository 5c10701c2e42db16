import { byHandShapes } from './shapes.by-hand.js';
import { nextShapes } from './shapes.next.js';
import { responseShapes } from './shapes.responses.js';
import { streamShapes } from './shapes.streams.js';
import { valueShapes } from './shapes.values.js';

/** All that a handler can do. */
export const allShapes = [...valueShapes, ...streamShapes, ...responseShapes, ...byHandShapes, ...nextShapes];
