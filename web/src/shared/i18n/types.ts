/**
 * One message. A text with `{name}` places, or one text for each plural form that the language has (`Intl.PluralRules` of
 * the parameter `count`).
 */
export type Message = string | Partial<Record<Intl.LDMLPluralRule, string>>;

/** A feature's messages by their key. */
export type Messages = Record<string, Message>;
