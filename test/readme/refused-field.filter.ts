import { Catch, HttpException, HttpStatus } from '@nestjs/common';
import type { GqlExceptionFilter } from '@nestjs/graphql';
import { GraphQLError } from 'graphql';

@Catch(HttpException)
export class RefusedFieldFilter implements GqlExceptionFilter<HttpException> {
  catch(refusal: HttpException): GraphQLError {
    const facts = Object(refusal.getResponse()) as { errorCode?: string; statusCode?: number };
    const code = facts.errorCode ?? HttpStatus[refusal.getStatus()];
    return new GraphQLError(refusal.message, { extensions: { ...facts, code } });
  }
}
