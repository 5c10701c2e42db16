export * from '../password.hash.js';
