import type { User } from "@/shared/api/client";

/** Whether there is a password to ask for. What an earlier version kept of a session does not say, and every account had one then. */
export const hasPassword = ({ has_password }: User): boolean => has_password !== false;
