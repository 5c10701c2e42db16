import { ApiProperty } from '@nestjs/swagger';
import {
  IsString,
  MaxLength,
  MinLength,
  Validate,
  type ValidationArguments,
  ValidatorConstraint,
} from 'class-validator';

@ValidatorConstraint({ name: 'same' })
class SameAsPassword {
  validate(value: unknown, { object }: ValidationArguments): boolean {
    return value === (object as PasswordForm).password;
  }
}

/** A new password, typed twice. */
export class PasswordForm {
  @ApiProperty({ format: 'password' })
  @MinLength(12, { message: 'The password needs at least $constraint1 characters.' })
  @MaxLength(200, { message: 'The password may have at most $constraint1 characters.' })
  @IsString({ message: 'Write a password.' })
  password!: string;

  @ApiProperty({ format: 'password' })
  @Validate(SameAsPassword, { message: 'The two passwords differ.' })
  again!: string;
}
