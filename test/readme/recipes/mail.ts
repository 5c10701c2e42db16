export * from '../mail.js';
