import { buildPackage } from './built-package.js';

/** Once for all specs that use the built package. */
export default buildPackage;
