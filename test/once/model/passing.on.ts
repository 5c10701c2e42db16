import type { Office, Scene } from './scene.js';

/** An office that does nothing by itself. Each of the doubles does one thing, and that naively. */
export class PassingOn implements Office {
  readonly issue: Office['issue'];
  readonly find: Office['find'];
  readonly authenticate: Office['authenticate'];
  readonly redeem: Office['redeem'];
  readonly revoke: Office['revoke'];
  readonly reissue: Office['reissue'];
  readonly reopen: Office['reopen'];

  constructor(protected readonly scene: Scene) {
    const { office } = scene;
    this.issue = (input) => office.issue(input);
    this.find = (uuid) => office.find(uuid);
    this.authenticate = (...shown) => office.authenticate(...shown);
    this.redeem = (...given) => office.redeem(...given);
    this.revoke = (uuid) => office.revoke(uuid);
    this.reissue = (...given) => office.reissue(...given);
    this.reopen = (uuid) => office.reopen(uuid);
  }

  claim(...given: Parameters<Office['claim']>): ReturnType<Office['claim']> {
    return this.scene.office.claim(...given);
  }
}
