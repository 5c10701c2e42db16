import { IsString, MaxLength } from 'class-validator';

/** Name and password of an account. */
export class LoginForm {
  @MaxLength(191, { message: 'No account has a name that long.' })
  @IsString({ message: 'Write the name of the account.' })
  account!: string;

  @MaxLength(200, { message: 'No account has a password that long.' })
  @IsString({ message: 'Write the password.' })
  password!: string;
}
