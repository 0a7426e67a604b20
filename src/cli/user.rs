//! `inkstone user`: accounts, as whoever runs the machine sees them.

use clap::{Subcommand, ValueEnum};
use secrecy::ExposeSecret;
use serde_json::{Value, json};

use super::Context;
use super::door::Ask;
use super::failure::Failure;
use super::local::Expect;
use super::output::{columns, minute};
use super::password;

/// Manage accounts.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Make an account.
    Create {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// How the person is called; the part before the @ when left out.
        #[arg(long)]
        name: Option<String>,
        /// Make an administrator.
        #[arg(long)]
        admin: bool,
        /// Make an account that may only read.
        #[arg(long, conflicts_with = "admin")]
        read_only: bool,
        /// Read the password from standard input; on a terminal it is asked for.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
    /// List all accounts.
    List,
    /// Lock an account and end its sessions; its notes stay.
    Disable {
        /// The address of the account.
        email: String,
    },
    /// Unlock an account.
    Enable {
        /// The address of the account.
        email: String,
    },
    /// Give an account another role and end its sessions.
    Role {
        /// The address of the account.
        email: String,
        /// What it may do from now on.
        role: RoleName,
    },
    /// Take the second factor and all passkeys off an account, for somebody who has lost them and the recovery codes, and end its sessions.
    #[command(name = "reset-2fa")]
    ResetTwoFactor {
        /// The address of the account.
        email: String,
    },
    /// Make a new one-time link for setting up the first administrator; earlier ones stop working.
    SetupLink,
    /// Give an account a new password and end its sessions.
    ResetPassword {
        /// The address of the account.
        email: String,
        /// Read the password from standard input; on a terminal it is asked for.
        #[arg(long, required = true)]
        password_stdin: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum RoleName {
    ReadOnly,
    Member,
    Admin,
}

impl RoleName {
    fn word(self) -> &'static str {
        match self {
            Self::ReadOnly => "read-only",
            Self::Member => "member",
            Self::Admin => "admin",
        }
    }
}

/// Reads a password first, when one is needed: nothing is opened while a person types.
pub(super) fn run(args: Args, context: &Context) -> Result<(), Failure> {
    match args.action {
        Action::Create { email, name, admin, read_only, password_stdin: _ } => {
            let password = password::read()?;
            let mut body =
                json!({ "email": email, "password": password.expose_secret(), "admin": admin, "read_only": read_only });
            if let Some(name) = name {
                body["name"] = name.into();
            }
            let user = context.local(Expect::AnyDirectory, |api| api.call(Ask::post("/local/v1/users", &body)))?;
            context.output.result(&user, || format!("Created {} ({}).", text(&user, "email"), text(&user, "role")))
        }
        Action::List => list(context),
        Action::Disable { email } => switch(context, &email, "disable", "Disabled"),
        Action::Enable { email } => switch(context, &email, "enable", "Enabled"),
        Action::Role { email, role } => {
            let ask = Ask::post("/local/v1/users/role", &json!({ "email": email, "role": role.word() }));
            let user = context.local(Expect::Store, |api| api.call(ask))?;
            context.output.result(&user, || format!("{} is {} now.", text(&user, "email"), text(&user, "role")))
        }
        Action::ResetTwoFactor { email } => {
            let query: String = url::form_urlencoded::byte_serialize(email.as_bytes()).collect();
            context.local(Expect::Store, |api| api.call(Ask::delete(format!("/local/v1/users/totp?email={query}"))))?;
            context.output.result(&json!({ "email": email }), || {
                format!("{email} has no second factor and no passkey any more; all its sessions have ended.")
            })
        }
        Action::SetupLink => {
            let link =
                context.local(Expect::AnyDirectory, |api| api.call(Ask::post("/local/v1/setup-link", &json!({}))))?;
            context.output.result(&link, || {
                format!("{}\nWorks once, until {}.", text(&link, "url"), minute(&text(&link, "expires_at")))
            })
        }
        Action::ResetPassword { email, password_stdin: _ } => {
            let password = password::read()?;
            let body = json!({ "email": email, "password": password.expose_secret() });
            let user = context.local(Expect::Store, |api| api.call(Ask::post("/local/v1/users/password", &body)))?;
            let value = if user.is_null() { json!({ "email": email }) } else { user };
            context.output.result(&value, || format!("{email} has a new password; all its sessions have ended."))
        }
    }
}

fn switch(context: &Context, email: &str, verb: &str, done: &str) -> Result<(), Failure> {
    let ask = Ask::post(format!("/local/v1/users/{verb}"), &json!({ "email": email }));
    let user = context.local(Expect::Store, |api| api.call(ask))?;
    let value = if user.is_null() { json!({ "email": email }) } else { user };
    context.output.result(&value, || format!("{done} {email}."))
}

fn list(context: &Context) -> Result<(), Failure> {
    let users = context.local(Expect::Store, |api| {
        let mut users = Vec::new();
        let mut path = "/local/v1/users?limit=200".to_owned();
        loop {
            let page = api.call(Ask::get(path))?;
            users.extend(page["items"].as_array().into_iter().flatten().cloned());
            match page["next_cursor"].as_str() {
                // A cursor is base64url, which needs no escaping in a query.
                Some(next) => path = format!("/local/v1/users?limit=200&cursor={next}"),
                None => return Ok(users),
            }
        }
    })?;
    context.output.result(&json!({ "items": users }), || {
        if users.is_empty() {
            return "There are no accounts yet.".to_owned();
        }
        let mut rows = vec![["EMAIL", "NAME", "ROLE", "STATE", "CREATED"].map(str::to_owned).to_vec()];
        for user in &users {
            let state = if user["disabled"].as_bool() == Some(true) { "disabled" } else { "active" };
            let created = minute(&text(user, "created_at"));
            rows.push(vec![text(user, "email"), text(user, "name"), text(user, "role"), state.to_owned(), created]);
        }
        columns(&rows)
    })
}

fn text(value: &Value, name: &str) -> String {
    super::output::printable(value.get(name).and_then(Value::as_str).unwrap_or_default())
}
