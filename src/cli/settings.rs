//! The flags of settings, made from the table of settings.

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches};

use crate::config::{FlagOn, Flags, SETTINGS};

/// The flags that every command has.
pub(super) type Everywhere = SettingFlags<false>;

/// The flags of `serve`, and of the commands that speak about it.
pub(super) type Serving = SettingFlags<true>;

/// Values by name of the setting, as they were typed.
#[derive(Debug, Clone, Default)]
pub(super) struct SettingFlags<const SERVE: bool>(pub(super) Flags);

impl<const SERVE: bool> SettingFlags<SERVE> {
    const ON: FlagOn = if SERVE { FlagOn::Serve } else { FlagOn::Every };
}

impl<const SERVE: bool> FromArgMatches for SettingFlags<SERVE> {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        let mut flags = Self::default();
        flags.update_from_arg_matches(matches)?;
        Ok(flags)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        for setting in SETTINGS.iter().filter(|s| s.flag == Self::ON) {
            if let Some(text) = matches.get_one::<String>(setting.name) {
                self.0.insert(setting.name, text.clone());
            }
        }
        Ok(())
    }
}

impl<const SERVE: bool> Args for SettingFlags<SERVE> {
    fn augment_args(mut command: Command) -> Command {
        for setting in SETTINGS.iter().filter(|s| s.flag == Self::ON) {
            let Some(flag) = setting.flag_name() else { continue };
            let arg = Arg::new(setting.name)
                .long(flag)
                .value_name(setting.placeholder)
                .help(format!("{} [{}]", setting.summary(), setting.variable()))
                .help_heading("Settings")
                .global(!SERVE);
            command = command.arg(arg);
        }
        command
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}
