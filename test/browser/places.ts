/**
 * Where the museum is, and where a stranger's page is. SameSite=Lax keeps the pass from other sites, though not from
 * another port or host of the same site; and over http a browser tells Sec-Fetch-Site to localhost alone, so that the
 * Origin has to do for the others. Each platform sees each status and each kind of name.
 */
export const PLACES = [
  { platform: 'Express', museum: 'localhost', stranger: '127.0.0.1', relation: 'another site', status: 401 },
  { platform: 'Fastify', museum: 'localhost', stranger: 'localhost', relation: 'another port', status: 403 },
  {
    platform: 'Fastify',
    museum: 'museum.example',
    stranger: 'evil.example',
    relation: 'another site',
    status: 401,
  },
  {
    platform: 'Express',
    museum: 'museum.example',
    stranger: 'evil.museum.example',
    relation: 'another host',
    status: 403,
  },
] as const;
