import { Controller, Get, Injectable, Redirect, type INestApplication } from '@nestjs/common';
import { InjectRepository, TypeOrmModule } from '@nestjs/typeorm';
import { Entity, PrimaryColumn, Repository } from 'typeorm';
import { beforeAll, expect, it } from 'vitest';
import { eachAdapter, request, startNestApp } from './adapters.js';
import { eachDatabase } from './databases.js';

@Injectable()
class Greeting {
  readonly text = 'hello';
}

@Controller()
class GreetingController {
  // No @Inject: Nest finds the class by the decorator metadata that the test build has to emit.
  constructor(private readonly greeting: Greeting) {}

  @Get()
  greet() {
    return { text: this.greeting.text };
  }

  @Get('away')
  @Redirect('/')
  away() {}
}

@Entity()
class Guest {
  @PrimaryColumn()
  name!: string;
}

@Controller('guests')
class GuestsController {
  constructor(@InjectRepository(Guest) private readonly guests: Repository<Guest>) {}

  @Get()
  count() {
    return this.guests.count();
  }
}

eachAdapter('an app', (adapter) => {
  const started: INestApplication[] = [];

  it('injects by decorator metadata', async () => {
    const app = await startNestApp(adapter, { controllers: [GreetingController], providers: [Greeting] });
    started.push(app);
    await request(app).get('/').expect(200, { text: 'hello' });
  });

  it('was closed after its test', () => {
    expect(started.map((app) => app.getHttpServer().listening)).toEqual([false]);
  });

  it('shows a redirect instead of following it', async () => {
    const app = await startNestApp(adapter, { controllers: [GreetingController], providers: [Greeting] });
    await request(app).get('/away').expect(302).expect('Location', '/');
  });

  it('can be configured before it starts', async () => {
    const root = { controllers: [GreetingController], providers: [Greeting] };
    const app = await startNestApp(adapter, root, { before: (starting) => starting.setGlobalPrefix('api') });
    await request(app).get('/api').expect(200);
  });

  eachDatabase('with a module', (database) => {
    let app: INestApplication;
    beforeAll(async () => {
      const typeorm = TypeOrmModule.forRoot(database.options({ autoLoadEntities: true, synchronize: true }));
      const imports = [typeorm, TypeOrmModule.forFeature([Guest])];
      app = await startNestApp(adapter, { imports, controllers: [GuestsController] });
    });

    it('reaches its repository', () => request(app).get('/guests').expect(200, '0'));
  });
});
