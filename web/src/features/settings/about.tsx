import { useQuery } from "@tanstack/react-query";
import { ExternalLink } from "lucide-react";
import { useEffect, useState } from "react";
import { NEWS, serverQuery } from "@/features/auth/server";
import { base } from "@/shared/api/base";
import { t } from "@/shared/i18n/all";
import { fileSize } from "@/shared/i18n/sizes";
import { flushAll } from "@/shared/lib/before-reload";
import { Button } from "@/shared/ui/button";
import { SettingsPage, SettingsPart } from "./settings-page";

/** What is running here. */
export function About() {
  const server = useQuery({ ...serverQuery(), ...NEWS }).data;
  return (
    <SettingsPage title={t("settings.about")} intro={t("settings.about.intro")}>
      <dl className="grid gap-x-8 gap-y-1 text-sm sm:grid-cols-[auto_1fr] sm:gap-y-3">
        <dt className="text-muted">{t("settings.about.version")}</dt>
        <dd className="max-sm:mb-2">{server ? `${server.name} ${server.version}` : "…"}</dd>
        <dt className="text-muted">{t("settings.about.address")}</dt>
        <dd className="wrap-anywhere">{`${location.origin}${base}`}</dd>
      </dl>
      <SettingsPart title={t("settings.about.api")} intro={t("settings.about.api.hint")}>
        <p>
          <a
            href={`${base}/api/docs`}
            target="_blank"
            rel="noreferrer"
            className="inline-flex min-h-9 items-center gap-1.5 rounded font-medium text-accent underline underline-offset-4"
          >
            {t("settings.about.api")}
            <ExternalLink size={14} aria-hidden />
          </a>
        </p>
      </SettingsPart>
      <ThisDevice />
    </SettingsPage>
  );
}

function ThisDevice() {
  const [bytes, setBytes] = useState<number>();
  useEffect(() => {
    navigator.storage
      ?.estimate()
      .then(({ usage }) => setBytes(usage))
      .catch(() => {});
  }, []);
  return (
    <SettingsPart
      title={t("settings.about.device")}
      {...(bytes === undefined ? {} : { intro: t("settings.about.storage", { size: fileSize(bytes) }) })}
    >
      <div className="grid justify-items-start gap-1">
        <Button onClick={() => void startAnew()}>{t("settings.about.noWorker")}</Button>
        <p className="text-sm text-muted text-pretty">{t("settings.about.noWorker.hint")}</p>
      </div>
    </SettingsPart>
  );
}

/** Opens the app past its service worker, which takes that as the word to go (see `sw.ts`). */
async function startAnew(): Promise<void> {
  await flushAll();
  location.assign(`${base}/?no-worker`);
}
