import type { ConfirmPageContext } from 'nestjs-ticketoffice';

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export const confirm = ({ fields, ticket }: ConfirmPageContext<{ firstName: string }>) => `<!doctype html>
<html lang="fr">
  <title>Le Louvre</title>
  <form>
    ${fields.map(({ name, value }) => `<input type="hidden" name="${escape(name)}" value="${escape(value)}">`).join('')}
    <button>Entrez, ${escape(ticket.data.firstName)}</button>
  </form>
</html>`;
