/** The one form of a page, as a browser reads it. */
export interface PageForm {
  readonly action: string;
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly buttons: number;
  /** What the browser asks for when the button is pressed. */
  readonly target: string;
}

const ENTITIES: Record<string, string> = { lt: '<', gt: '>', quot: '"', '#39': "'", amp: '&' };

const unescape = (text: string): string =>
  text.replace(/&(lt|gt|quot|#39|amp);/g, (_, name: string) => ENTITIES[name]!);

/** @throws Error for a page that has not exactly one form by GET */
export function formOf(html: string): PageForm {
  const forms = [...html.matchAll(/<form action="([^"]*)">(.*?)<\/form>/gs)];
  if (forms.length !== 1) throw new Error(`A page with ${forms.length} forms: ${html}`);
  const [, address, content] = forms[0] as unknown as [string, string, string];
  const fields = [...content.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)">/g)].map(
    ([, name, value]) => [unescape(name!), unescape(value!)] as const,
  );
  const action = unescape(address);
  const query = new URLSearchParams(fields.map(([name, value]): [string, string] => [name, value]));
  return {
    action,
    fields,
    buttons: content.split('<button').length - 1,
    target: `${action}?${query.toString()}`,
  };
}
