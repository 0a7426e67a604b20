/** What the app says, by key: journeys look for it as a person would. */
import deAccount from "@/shared/i18n/de/account";
import deFirst from "@/shared/i18n/de/first";
import deProviders from "@/shared/i18n/de/providers";
import deRest from "@/shared/i18n/de/rest";
import deSso from "@/shared/i18n/de/sso";
import enAccount from "@/shared/i18n/en/account";
import enFirst from "@/shared/i18n/en/first";
import enProviders from "@/shared/i18n/en/providers";
import enRest from "@/shared/i18n/en/rest";
import enSso from "@/shared/i18n/en/sso";

export type { MessageKey } from "@/shared/i18n";
export const en = { ...enFirst, ...enRest, ...enAccount, ...enSso, ...enProviders };
export const de = { ...deFirst, ...deRest, ...deAccount, ...deSso, ...deProviders };
