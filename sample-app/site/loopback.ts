/** Whether a URL's `hostname` always means the client's own machine. */
export const isLoopback = (hostname: string): boolean =>
  /^(?:(?:.*\.)?localhost|127\..*|\[::1\])$/.test(hostname);
