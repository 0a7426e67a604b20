import type { AccountKey } from "../en/account";
import type { Message } from "../types";
import { admin } from "./admin";
import { apiKeys } from "./api-keys";
import { audit } from "./audit";
import { identities } from "./identities";
import { ownAccount } from "./own-account";
import { secondFactor } from "./second-factor";

const account: Record<AccountKey, Message> = {
  ...admin,
  ...apiKeys,
  ...audit,
  ...identities,
  ...ownAccount,
  ...secondFactor,
};
export default account;
