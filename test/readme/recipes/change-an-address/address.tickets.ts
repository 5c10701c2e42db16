import { IsEmail, MaxLength } from 'class-validator';
import { defineTicket } from 'nestjs-ticketoffice';

export class AddressForm {
  @IsEmail()
  @MaxLength(191)
  email!: string;
}

class Addresses {
  @IsEmail()
  from!: string;

  @IsEmail()
  to!: string;
}

/** Goes to the new address; its subject is the account's id. */
export const AddressChange = defineTicket({
  place: 'account',
  purpose: 'change address',
  path: '/account/address',
  data: Addresses,
  onDuplicate: 'revoke', // the address that was asked for last is the one
  confirm: true, // the page with the button, though the handler has no stamp: it redeems the ticket itself
});

/** Goes to the old address. While it is valid, the address is not changed again. */
export const AddressUndo = defineTicket({
  place: 'account',
  purpose: 'undo change of address',
  path: '/account/address/undo',
  data: Addresses,
  expiresIn: '7d',
  onDuplicate: 'reject',
});
