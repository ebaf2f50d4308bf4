import { betterAuth } from 'better-auth';
import { username } from 'better-auth/plugins/username';
import type { PlainSql } from '../../db/staff/connect.js';
import { isUsername, LEAST_PASSWORD_LENGTH, MOST_PASSWORD_LENGTH } from '../../domain/staff.js';
import { createDialect } from './dialect.js';
import { shopChange } from './shopChange.js';

/** A working day, after which everybody signs in again; being there does not make it longer. */
const SESSION_SECONDS = 12 * 60 * 60;

const times = { createdAt: 'created_at', updatedAt: 'updated_at' };

/** What better-auth calls each of our tables and columns. */
const tables = {
  user: { modelName: 'members', fields: { ...times, emailVerified: 'email_verified' } },
  session: {
    modelName: 'sessions',
    fields: { ...times, userId: 'user_id', expiresAt: 'expires_at', ipAddress: 'ip_address', userAgent: 'user_agent' },
  },
  account: {
    modelName: 'credentials',
    fields: {
      ...times,
      userId: 'user_id',
      accountId: 'account_id',
      providerId: 'provider_id',
      accessToken: 'access_token',
      refreshToken: 'refresh_token',
      idToken: 'id_token',
      accessTokenExpiresAt: 'access_token_expires_at',
      refreshTokenExpiresAt: 'refresh_token_expires_at',
    },
  },
  verification: { modelName: 'verifications', fields: { ...times, expiresAt: 'expires_at' } },
} as const;

type Wiring = {
  readonly plainSql: PlainSql;
  readonly secret: string;
  /** Under TLS: browsers then send the cookie over nothing else. */
  readonly secure: boolean;
};

/** Sessions and passwords, nothing else of better-auth. It is asked through `api` alone: no route of it is served. */
export function createAuth({ plainSql, secret, secure }: Wiring) {
  return betterAuth({
    appName: 'account-payments',
    // Where it would be served; its cookies do not depend on it.
    baseURL: 'http://staff.invalid',
    // Not `secret`, beside which it would read the environment.
    secrets: [{ version: 1, value: secret }],
    database: { dialect: createDialect(plainSql), type: 'postgres', schemaName: 'staff' },
    user: { ...tables.user, additionalFields: { role: { type: 'string', required: true, input: false } } },
    session: {
      ...tables.session,
      additionalFields: { shopId: { type: 'string', required: false, input: false, fieldName: 'shop_id' } },
      expiresIn: SESSION_SECONDS,
      disableSessionRefresh: true,
      cookieCache: { enabled: false },
    },
    account: tables.account,
    verification: tables.verification,
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: LEAST_PASSWORD_LENGTH,
      maxPasswordLength: MOST_PASSWORD_LENGTH,
    },
    plugins: [
      username({ displayUsername: false, minUsernameLength: 2, maxUsernameLength: 32, usernameValidator: isUsername }),
      shopChange(),
    ],
    // It counts by address, and a whole shop is behind one: the count of `tries.ts` is in its place.
    rateLimit: { enabled: false },
    advanced: { cookiePrefix: 'staff', useSecureCookies: secure, ipAddress: { disableIpTracking: true } },
    // It would write who failed to sign in.
    logger: { disabled: true },
    telemetry: { enabled: false },
  });
}

export type Auth = ReturnType<typeof createAuth>;
