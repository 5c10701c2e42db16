import { join } from 'node:path';
import { promisify } from 'node:util';
import hbs from 'hbs';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Next to this file, wherever the process was started. */
const views = join(import.meta.dirname, '..', 'views');

const { __express: engine } = hbs;
const renderFile = promisify(engine);

/** Makes `@Render('name')` show views/name.hbs. */
export function useViews(app: NestExpressApplication): void {
  app.setBaseViewsDir(views);
  app.setViewEngine('hbs');
  hbs.registerPartials(join(views, 'partials'));
}

/** A view as text, for those who answer without Express: the library's refusals. */
export const viewOf =
  (name: string) =>
  (locals: object): Promise<string> =>
    renderFile(join(views, `${name}.hbs`), { ...locals, settings: { views } });
