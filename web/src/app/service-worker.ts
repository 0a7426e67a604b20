/** Placeholder body is replaced by the owner of the service worker. */
export {};
