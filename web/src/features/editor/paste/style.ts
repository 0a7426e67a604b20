/**
 * Where the style stands that the clipboard has given an element: it says what is bold, and which paragraphs are a list. Under its own
 * name it would be applied, or stopped by the page's policy, as soon as it is parsed.
 */
export const styleAttribute = "data-style";

export const styleOf = (element: Element): string => element.getAttribute(styleAttribute)?.toLowerCase() ?? "";
