import { Injectable } from '@nestjs/common';
import type { IssueForm } from './issue.form.js';
import { issueFormView } from './issue-form.view.js';
import type { ListPlace } from './list.place.js';
import { TicketList } from './ticket.list.js';

/** The box office's page, at a given place in its list. */
@Injectable()
export class BoxOfficePage {
  constructor(private readonly list: TicketList) {}

  /** What views/box-office.hbs shows: the form as it was typed, the list, and the status of the ticket `about`. */
  async at(place: ListPlace, { typed = {}, about }: { typed?: Partial<IssueForm>; about?: string } = {}) {
    return { form: issueFormView(typed), list: await this.list.page(place, about) };
  }
}
