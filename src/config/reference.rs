//! The printed reference, `docs/configuration.md`, written from the table.

use super::rows::SETTINGS;
use super::table::{Fallback, Setting};

const HEAD: &str = "\
# Configuration

Every setting has one name. It can be said in several places; the first that has it wins:

1. a flag: `--log-level debug`
2. a variable: `INKSTONE_LOG_LEVEL=debug` (an empty one counts as not set)
3. for secrets, a file: the one that `INKSTONE_<NAME>_FILE` names, else the systemd credential of the setting's name
4. the TOML file that `--config` or `INKSTONE_CONFIG` names: `log_level = \"debug\"`
5. the default

An unknown key in the file is an error. An unknown `INKSTONE_*` variable is only warned about, because Kubernetes sets some by
itself. `inkstone config show` prints what is in force and where it was said, `inkstone config check` says everything that is
wrong; neither prints a secret. Relative paths start from the directory that the command runs in.

| Setting | Default | What it does |
|---|---|---|
";

/// The whole page.
pub fn reference() -> String {
    let mut page = HEAD.to_owned();
    for setting in SETTINGS {
        let default = match setting.fallback {
            Fallback::Text(text) => format!("`{text}`"),
            Fallback::Unset(meaning) => format!("not set: {meaning}"),
            Fallback::Derived(rule) => rule.to_owned(),
        };
        page.push_str(&format!("| {} | {default} | {} |\n", places(setting).join("<br>"), setting.doc));
    }
    page
}

fn places(setting: &Setting) -> Vec<String> {
    let mut places = Vec::new();
    if setting.in_file {
        places.push(format!("**`{}`**", setting.name));
    } else {
        places.push(format!("**`{}`** (not in the file)", setting.name));
    }
    places.extend(setting.flag_name().map(|flag| format!("`--{flag} {}`", setting.placeholder.replace('|', "\\|"))));
    places.push(format!("`{}`", setting.variable()));
    if setting.secret {
        places.push(format!("`{}_FILE`", setting.variable()));
    }
    places
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reviewed file: `UPDATE_REVIEWED=1` rewrites it, and the change is then read in the diff.
    #[test]
    fn the_reviewed_reference_is_the_one_that_the_table_writes() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md");
        if std::env::var_os("UPDATE_REVIEWED").is_some() {
            std::fs::write(path, reference()).unwrap();
        }
        assert_eq!(std::fs::read_to_string(path).unwrap_or_default(), reference(), "UPDATE_REVIEWED=1 rewrites {path}");
    }
}
