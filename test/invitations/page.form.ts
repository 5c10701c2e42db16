import { follow } from './ask.js';

/** The one form of a page, as a browser reads it. */
export interface PageForm {
  /** `undefined`: none is written. */
  readonly action: string | undefined;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly buttons: number;
  /** What the browser asks for when the button is pressed. */
  readonly target: string;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

const unescape = (text: string): string =>
  text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => ENTITIES[name]!);

/**
 * @param address what the browser has asked for to get the page
 * @throws Error for a page that has not exactly one form by GET
 */
export function formOf(html: string, address: string): PageForm {
  const forms = [...html.matchAll(/<form(?: action="([^"]*)")?>(.*?)<\/form>/gs)];
  if (forms.length !== 1) throw new Error(`A page with ${forms.length} forms: ${html}`);
  const [, written, content] = forms[0] as unknown as [string, string | undefined, string];
  const fields = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name, value]) => [unescape(name!), unescape(value!)] as const,
  );
  const action = written === undefined ? undefined : unescape(written);
  const query = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
  const [path] = follow(address, action ?? '').split('?');
  return {
    action,
    fields,
    buttons: content.split('<button').length - 1,
    target: `${path}?${query.toString()}`,
  };
}
