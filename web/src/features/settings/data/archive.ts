/** Whether a chosen file can be an archive, before anything of it is sent. */
import type { MessageKey } from "@/shared/i18n";

/** Every zip begins with it, an empty one too. */
const SIGNATURE = "PK";

/** What is wrong with what was chosen or dropped; `undefined` when it looks like a zip. */
export async function archiveFault(files: readonly File[]): Promise<MessageKey | undefined> {
  const [file] = files;
  if (!file || files.length > 1) return "settings.import.several";
  if (!/\.zip$/i.test(file.name)) return "settings.import.notZip";
  if (file.size === 0) return "settings.import.empty";
  try {
    // A folder whose name ends so cannot be read at all.
    const start = await file.slice(0, SIGNATURE.length).text();
    return start === SIGNATURE ? undefined : "settings.import.noZipInside";
  } catch {
    return "settings.import.unreadable";
  }
}
