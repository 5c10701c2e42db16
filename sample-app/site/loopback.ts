/** Whether a URL's `hostname` leads no further than to the machine that asks for it. */
export const isLoopback = (hostname: string): boolean =>
  /^(?:(?:.*\.)?localhost|127\..*|\[::1\])$/.test(hostname);
