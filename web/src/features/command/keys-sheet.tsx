/**
 * The sheet behind `?`: every action that has keys, in groups, as the registry knows them, and the keys that belong to a place and
 * are no actions.
 */
import { X } from "lucide-react";
import { actionIds, definitions } from "@/app/actions/definitions";
import { writes } from "@/app/actions/key-of";
import { keyCaps } from "@/app/actions/keys";
import type { ActionDefinition, ActionGroup } from "@/app/actions/types";
import { matchKeys } from "@/features/search/matches/keys";
import { type MessageKey, t } from "@/shared/i18n/all";
import { useAppearance } from "@/shared/lib/appearance";
import { IconButton } from "@/shared/ui/button";
import { Dialog } from "@/shared/ui/dialog";
import { Kbd } from "@/shared/ui/kbd";

const groups: ActionGroup[] = ["note", "navigate", "view", "app"];
const withKeys = actionIds
  .map((id) => ({ id, definition: definitions[id] as ActionDefinition }))
  .filter(({ definition }) => definition.keys);

/** From match to match in a note that was found. */
const steps: Shown[] = [
  { label: "search.matches.next", keys: matchKeys.next },
  { label: "search.matches.previous", keys: matchKeys.previous },
];

export default function KeysSheet({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  const { singleKeys } = useAppearance();
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={t("command.keys.title")}
      description={t(singleKeys ? "command.keys.about" : "command.keys.off")}
    >
      <IconButton label={t("app.close")} onClick={() => onOpenChange(false)} className="absolute top-4 right-4">
        <X size={18} aria-hidden />
      </IconButton>
      <div className="grid gap-6">
        {groups.map((group) => (
          <section key={group} aria-labelledby={`keys-${group}`}>
            <h3 id={`keys-${group}`} className="mb-1 text-sm font-semibold">
              {t(`command.group.${group}`)}
            </h3>
            <dl>
              {withKeys
                .filter(({ definition }) => definition.group === group)
                .map(({ id, definition }) => (
                  <Line key={id} definition={definition} singleKeys={singleKeys} />
                ))}
              {group === "navigate" &&
                steps.map((definition) => (
                  <Line key={definition.label} definition={definition} singleKeys={singleKeys} />
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

interface Shown {
  label: MessageKey;
  keys?: readonly string[];
}

function Line({ definition, singleKeys }: { definition: Shown; singleKeys: boolean }) {
  const keys = definition.keys?.filter((one) => singleKeys || !writes(one)) ?? [];
  if (keys.length === 0) return null;
  return (
    <div className="flex min-h-9 items-center justify-between gap-4 border-b border-line last:border-0">
      <dt className="text-sm">{t(definition.label)}</dt>
      <dd className="flex flex-wrap items-center justify-end gap-1 text-xs text-muted">
        {keys.map((one, at) => (
          <span key={one} className="inline-flex items-center gap-1">
            {at > 0 && <span className="px-1">{t("command.keys.or")}</span>}
            <Chord keys={one} />
          </span>
        ))}
      </dd>
    </div>
  );
}

function Chord({ keys }: { keys: string }) {
  return keyCaps(keys).map((chord, at) => (
    <span key={chord.join("+")} className="inline-flex items-center gap-1">
      {at > 0 && <span className="px-0.5">{t("command.key.then")}</span>}
      {chord.map((cap) => (
        <Kbd key={cap}>{cap}</Kbd>
      ))}
    </span>
  ));
}
