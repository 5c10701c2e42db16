import { join } from 'node:path';
import { promisify } from 'node:util';
import hbs from 'hbs';
import type { NestExpressApplication } from '@nestjs/platform-express';

/** Relative to this file, not to the working directory. */
const views = join(import.meta.dirname, '..', 'views');

const { __express: engine } = hbs;
const renderFile = promisify(engine);

/** Makes `@Render('name')` show views/name.hbs. */
export function useViews(app: NestExpressApplication): void {
  app.setBaseViewsDir(views);
  app.setViewEngine('hbs');
  hbs.registerPartials(join(views, 'partials'));
}

/** Renders a view to a string, for the library's `pages`. */
export const renderer =
  (name: string) =>
  (locals: object): Promise<string> =>
    renderFile(join(views, `${name}.hbs`), { ...locals, settings: { views } });
