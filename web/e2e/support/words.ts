/** What the app says, by key: journeys look for it as a person would. */
import deAccount from "@/shared/i18n/de/account";
import deFirst from "@/shared/i18n/de/first";
import deRest from "@/shared/i18n/de/rest";
import enAccount from "@/shared/i18n/en/account";
import enFirst from "@/shared/i18n/en/first";
import enRest from "@/shared/i18n/en/rest";

export type { MessageKey } from "@/shared/i18n";
export const en = { ...enFirst, ...enRest, ...enAccount };
export const de = { ...deFirst, ...deRest, ...deAccount };
