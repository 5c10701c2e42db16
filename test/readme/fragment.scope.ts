// The names that code on the pages uses without importing or declaring them: what such code is compiled with.
import type { JwtService } from '@nestjs/jwt';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Store } from 'express-session';
import type { Credentials, TicketService } from 'nestjs-ticketoffice';
import type { EntityManager } from 'typeorm';
import type { Mail } from './mail.js';

export * from '@nestjs/cache-manager';
export * from '@nestjs/common';
// Two of these packages have something of each name.
export { Scope, type Type } from '@nestjs/common';
export * from '@nestjs/config';
export { APP_GUARD, APP_INTERCEPTOR, NestFactory, Reflector } from '@nestjs/core';
export * from '@nestjs/passport';
export { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
export * from '@nestjs/testing';
export * from '@nestjs/throttler';
export { TypeOrmModule } from '@nestjs/typeorm';
export { default as fastifyCookie } from '@fastify/cookie';
export { default as fastifySession } from '@fastify/session';
export { default as session } from 'express-session';
export * from 'nestjs-ticketoffice';
export * from 'nestjs-ticketoffice/swagger';
export * from 'nestjs-ticketoffice/testing';
export { filter } from 'rxjs';
export { Column, DataSource, Entity, EntityManager, JoinColumn, ManyToOne } from 'typeorm';
export { Account } from './account.entity.js';
export { LouvreVisit } from './louvre.visit.js';
export { ReportDownload } from './report.download.js';
export { AddGallery1795824000000 } from './add-gallery.migration.js';
export { LoggedInGuard } from './logged-in.guard.js';
export { MuseumModule } from './museum.module.js';
export { MuseumTicket } from './museum.ticket.js';

export declare const app: Pick<NestExpressApplication, 'use' | 'set' | 'enableCors'> &
  Pick<NestFastifyApplication, 'register' | 'getHttpAdapter'>;
export declare const jwt: JwtService;
export declare const tickets: TicketService;
export declare const manager: EntityManager;
export declare const credentials: Credentials;
export declare const mail: Pick<Mail, 'send'>;
export declare const guests: readonly { id: string }[];
export declare const id: string;
export declare const uuid: string;
export declare const password: string;
export declare const secret: string;
export declare const store: Store;
export declare const alarm: (uuid: string | null, instant: Date) => void;
export declare class RolesGuard {
  canActivate(): boolean;
}
export declare class Guide {
  id: number;
}
/** A method, and the function that a decorator puts in its place. */
export declare const method: object;
export declare const replacement: object;
