/** What the app says, by key: journeys look for it as a person would. */
import deFirst from "@/shared/i18n/de/first";
import deRest from "@/shared/i18n/de/rest";
import enFirst from "@/shared/i18n/en/first";
import enRest from "@/shared/i18n/en/rest";

export type { MessageKey } from "@/shared/i18n";
export const en = { ...enFirst, ...enRest };
export const de = { ...deFirst, ...deRest };
