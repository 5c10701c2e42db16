// Named: `pg` prepares each once per connection.

export const LOAD = {
  name: 'load',
  text: `SELECT "uuid", "place", "purpose", "subject", "data", "createdAt", "expiresAt", "usedAt", "revokedAt",
      "verifier", "generation", "attempts", "claimId", "claimedAt"
    FROM "ticket_office_ticket" WHERE "uuid" = $1`,
};

export const CLAIM = {
  name: 'claim',
  text: `UPDATE "ticket_office_ticket" SET "claimId" = $1, "claimedAt" = $2
    WHERE "uuid" = $3 AND "place" = $4 AND "purpose" = $5 AND "generation" = $6 AND "claimId" IS NULL
      AND "usedAt" IS NULL AND "revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > $2)`,
};

export const STAMP = {
  name: 'stamp',
  text: `UPDATE "ticket_office_ticket" SET "usedAt" = $1
    WHERE "uuid" = $2 AND "claimId" = $3 AND "usedAt" IS NULL`,
};
