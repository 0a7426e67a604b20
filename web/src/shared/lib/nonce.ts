/**
 * The nonce that this page's policy wants on style elements.
 *
 * The lock on scrolling that Radix puts behind dialogs and menus makes such an element, through a library (get-nonce) that reads
 * the nonce from a name of webpack's. Without it the policy stops the style and reports a violation each time one opens.
 */
export const nonce: string = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]")?.nonce ?? "";

Object.assign(globalThis, { __webpack_nonce__: nonce });
