/** The words of accounts and their administration: most people open those pages once a year, so they come with them alone. */
import type { Message } from "../types";
import { admin } from "./admin";
import { apiKeys } from "./api-keys";
import { audit } from "./audit";
import { identities } from "./identities";
import { ownAccount } from "./own-account";
import { secondFactor } from "./second-factor";

const account = { ...admin, ...apiKeys, ...audit, ...identities, ...ownAccount, ...secondFactor };

export type AccountKey = keyof typeof account;
export default account as Record<AccountKey, Message>;
