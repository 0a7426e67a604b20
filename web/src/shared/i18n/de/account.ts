import type { AccountKey } from "../en/account";
import type { Message } from "../types";
import { admin } from "./admin";
import { apiKeys } from "./api-keys";
import { audit } from "./audit";
import { ownAccount } from "./own-account";
import { secondFactor } from "./second-factor";

const account: Record<AccountKey, Message> = { ...admin, ...apiKeys, ...audit, ...ownAccount, ...secondFactor };
export default account;
