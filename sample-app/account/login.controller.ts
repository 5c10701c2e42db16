import { Body, Controller, Get, HttpCode, HttpStatus, Post, Render, UseGuards } from '@nestjs/common';
import { SkipThrottle } from '@nestjs/throttler';
import { FormError } from '../site/form.error.js';
import { formAgain, readForm } from '../site/form.reader.js';
import { OwnPages } from '../site/own-pages.guard.js';
import { AccountService } from './account.service.js';
import { LoginForm } from './login.form.js';

/** An ordinary log-in without a session: it is there to try the new password. */
@UseGuards(OwnPages)
@Controller('account/login')
export class LoginController {
  constructor(private readonly accounts: AccountService) {}

  @Get()
  @SkipThrottle() // to look at the form is no guess
  @Render('account/login')
  form() {
    return {};
  }

  @Post()
  @HttpCode(200)
  @Render('account/welcome')
  async logIn(@Body() body: unknown) {
    const { account, password } = await readForm(LoginForm, body).catch((error: unknown) => {
      throw formAgain(error, 'account/login', {});
    });
    if (await this.accounts.hasPassword(account, password)) return { account };
    const faults = ['No account has this name and this password.'];
    throw new FormError('account/login', { account, faults }, HttpStatus.FORBIDDEN);
  }
}
