import { Body, Controller, Get, HttpCode, HttpStatus, Post, Render, UseGuards } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { SkipThrottle } from '@nestjs/throttler';
import { FormError } from '../site/form.error.js';
import { asFormError, readForm } from '../site/form.reader.js';
import { CsrfGuard } from '../site/csrf.guard.js';
import { AccountService } from './account.service.js';
import { LoginForm } from './login.form.js';

/** A log-in without a session, to try the new password. */
@ApiExcludeController()
@UseGuards(CsrfGuard)
@Controller('account/login')
export class LoginController {
  constructor(private readonly accounts: AccountService) {}

  @Get()
  @SkipThrottle() // showing the form is no guess
  @Render('account/login')
  form() {
    return {};
  }

  @Post()
  @HttpCode(200)
  @Render('account/welcome')
  async logIn(@Body() body: unknown) {
    const { account, password } = await readForm(LoginForm, body).catch((error: unknown) => {
      throw asFormError(error, 'account/login', {});
    });
    if (await this.accounts.hasPassword(account, password)) return { account };
    const faults = ['No account has this name and this password.'];
    throw new FormError('account/login', { account, faults }, HttpStatus.FORBIDDEN);
  }
}
