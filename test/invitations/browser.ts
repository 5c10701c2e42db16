import type { INestApplication } from '@nestjs/common';
import { parseSetCookie } from 'cookie';
import { ask, type Question, type WholeAnswer } from './ask.js';

/** Keeps cookies as a browser does: the oldest first, whatever their value by now. */
export class Browser {
  readonly cookies: Map<string, string>;

  constructor(
    private readonly app: INestApplication,
    cookies: Iterable<[string, string]> = [],
  ) {
    this.cookies = new Map(cookies);
  }

  /** Another one, with the same cookies, in another app if one is given. */
  copy(app = this.app): Browser {
    return new Browser(app, this.cookies);
  }

  /** The same browser at another app of the same host: cookies know no port. */
  at(app: INestApplication): Browser {
    return Object.assign(new Browser(app), { cookies: this.cookies });
  }

  async visit(target: string, question: Question = {}): Promise<WholeAnswer> {
    const Cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const headers = { ...(Cookie && { Cookie }), ...question.headers };
    const answer = await ask(this.app, target, { ...question, headers });
    for (const line of answer.headers['set-cookie'] ?? []) this.keep(line);
    return answer;
  }

  private keep(line: string): void {
    const { name, value, maxAge, expires } = parseSetCookie(line, { decode: (text) => text });
    const isOver = maxAge === undefined ? expires && expires.getTime() <= Date.now() : maxAge <= 0;
    if (isOver) this.cookies.delete(name);
    else this.cookies.set(name, value!);
  }
}
