import { Mail } from './mail.js';

/** Stands for an app's own service for text messages. */
export class Sms extends Mail {}
