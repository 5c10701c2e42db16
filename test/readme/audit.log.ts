import { Injectable, Logger, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { InjectRepository } from '@nestjs/typeorm';
import { type TicketEvent, TicketService } from 'nestjs-ticketoffice';
import { Repository } from 'typeorm';
import { AuditEntry } from './audit-entry.entity.js';

@Injectable()
export class AuditLog implements OnModuleInit, OnApplicationShutdown {
  private readonly logger = new Logger(AuditLog.name);
  private readonly writing = new Set<Promise<unknown>>();

  constructor(
    @InjectRepository(AuditEntry) private readonly entries: Repository<AuditEntry>,
    private readonly tickets: TicketService,
  ) {}

  onModuleInit() {
    this.tickets.events$.subscribe((event) => {
      // Strangers can be refused as often as they like: count them (below), or they fill the table.
      if (event.type === 'refused' && !event.holder) return;
      const written = this.write(event)
        .catch((error) => this.logger.error('An event was not written', error))
        .finally(() => this.writing.delete(written));
      this.writing.add(written);
    });
  }

  async onApplicationShutdown() {
    await Promise.all(this.writing);
  }

  private async write({ type, uuid, ...details }: TicketEvent) {
    await this.entries.insert({ type, uuid, details: JSON.stringify(details) });
  }
}
