//! What administrators see and say of providers.

use poem_openapi::types::{Example, MaybeUndefined};
use poem_openapi::{Enum, Object};
use serde::Serialize;
use uuid::Uuid;

use crate::clock::Timestamp;
use crate::http::patch::clearable;
use crate::http::signed_in::RoleView;
use crate::sso::{Checked, Counted, GroupRole, Settings, Word};

/// What a provider is set up from: the app then knows what to ask for. It changes nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Serialize)]
#[oai(rename = "SsoPreset", rename_all = "kebab-case")]
#[serde(rename_all = "kebab-case")]
pub(super) enum Preset {
    /// Any provider.
    Generic,
    /// Authelia.
    Authelia,
    /// authentik.
    Authentik,
    /// Keycloak.
    Keycloak,
    /// Kanidm.
    Kanidm,
    /// Pocket ID.
    PocketId,
    /// ZITADEL.
    Zitadel,
    /// GitLab.
    Gitlab,
    /// Google.
    Google,
    /// Microsoft Entra ID.
    Microsoft,
    /// Okta.
    Okta,
    /// Auth0.
    Auth0,
}

impl Preset {
    const ALL: [Self; 12] = [
        Self::Generic,
        Self::Authelia,
        Self::Authentik,
        Self::Keycloak,
        Self::Kanidm,
        Self::PocketId,
        Self::Zitadel,
        Self::Gitlab,
        Self::Google,
        Self::Microsoft,
        Self::Okta,
        Self::Auth0,
    ];

    pub(super) fn as_str(self) -> &'static str {
        crate::sso::PRESETS[self as usize]
    }

    pub(super) fn of(text: &str) -> Self {
        Self::ALL.into_iter().find(|preset| preset.as_str() == text).unwrap_or(Self::Generic)
    }
}

/// What the members of a group may do.
#[derive(Debug, Clone, Object, Serialize)]
#[oai(rename = "GroupRole", deny_unknown_fields, example)]
pub(super) struct GroupRoleView {
    /// The group, exactly as the provider writes it.
    pub(super) group: String,
    /// What its members may do.
    pub(super) role: RoleView,
}

impl Example for GroupRoleView {
    fn example() -> Self {
        Self { group: "notes-admins".into(), role: RoleView::Admin }
    }
}

impl From<GroupRole> for GroupRoleView {
    fn from(GroupRole { group, role }: GroupRole) -> Self {
        Self { group, role: role.0.into() }
    }
}

impl From<GroupRoleView> for GroupRole {
    fn from(GroupRoleView { group, role }: GroupRoleView) -> Self {
        Self { group, role: Word(role.into()) }
    }
}

/// A provider of single sign-on (OpenID Connect).
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SsoProvider", example)]
pub(super) struct ProviderView {
    /// Its id.
    pub(super) id: Uuid,
    /// Its short name, in addresses.
    pub(super) slug: String,
    /// What its button says.
    pub(super) name: String,
    /// What it was set up from.
    pub(super) preset: Preset,
    /// The URL that names it; its description is at `/.well-known/openid-configuration` below.
    pub(super) issuer: String,
    /// What it calls this server.
    pub(super) client_id: String,
    /// Whether this server has a secret there. It is never shown.
    pub(super) has_secret: bool,
    /// Whether people can come in by it.
    pub(super) enabled: bool,
    /// What is asked for.
    pub(super) scopes: Vec<String>,
    /// Whether an account is made for whoever is linked with none.
    pub(super) sign_up: bool,
    /// Whether every address counts as verified of which the provider does not say otherwise.
    pub(super) trusts_email: bool,
    /// Whether its sign-in stands in for the second factor that somebody has here.
    pub(super) trusts_second_factor: bool,
    /// Whether signing out signs out there as well.
    pub(super) logout: bool,
    /// The claim that names groups, with dots on the way to it (`realm_access.roles`); null: groups decide nothing.
    pub(super) groups_claim: Option<String>,
    /// What groups may do, decided anew at each sign-in; of several the one that may most counts.
    pub(super) group_roles: Vec<GroupRoleView>,
    /// What somebody may do who is in none of the groups; null: they are not let in. Where groups decide nothing: the role of new accounts.
    pub(super) default_role: Option<RoleView>,
    /// What has to be registered there: where it sends people back to.
    pub(super) redirect_uri: String,
    /// How many people are linked with it.
    pub(super) linked: i64,
    /// When it was set up.
    pub(super) created_at: Timestamp,
    /// When it was last changed.
    pub(super) updated_at: Timestamp,
}

impl ProviderView {
    pub(super) fn of(counted: Counted, redirect_uri: String) -> Self {
        let Counted { provider, linked } = counted;
        let Settings {
            scopes,
            sign_up,
            trusts_email,
            trusts_second_factor,
            logout,
            groups_claim,
            group_roles,
            default_role,
        } = provider.settings;
        Self {
            id: provider.id,
            slug: provider.slug,
            name: provider.name,
            preset: Preset::of(&provider.preset),
            issuer: provider.issuer,
            client_id: provider.client_id,
            has_secret: provider.has_secret,
            enabled: provider.enabled,
            scopes,
            sign_up,
            trusts_email,
            trusts_second_factor,
            logout,
            groups_claim,
            group_roles: group_roles.into_iter().map(Into::into).collect(),
            default_role: default_role.map(|word| word.0.into()),
            redirect_uri,
            linked,
            created_at: provider.created_at,
            updated_at: provider.updated_at,
        }
    }
}

impl Example for ProviderView {
    fn example() -> Self {
        let at = Timestamp::from_micros(1_772_357_400_000_000);
        Self {
            id: Uuid::from_u128(0x019c_a8bb_b5c0_7836_b25e_7ad3_1c44_90f6),
            slug: "home".into(),
            name: "Home".into(),
            preset: Preset::Authentik,
            issuer: "https://sso.example.org/application/o/inkstone/".into(),
            client_id: "inkstone".into(),
            has_secret: true,
            enabled: true,
            scopes: vec!["openid".into(), "profile".into(), "email".into()],
            sign_up: false,
            trusts_email: false,
            trusts_second_factor: false,
            logout: false,
            groups_claim: Some("groups".into()),
            group_roles: vec![GroupRoleView::example()],
            default_role: Some(RoleView::Member),
            redirect_uri: "https://notes.example.org/sso/home".into(),
            linked: 3,
            created_at: at,
            updated_at: at,
        }
    }
}

/// All providers, by name.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SsoProviders", example)]
pub(super) struct ProvidersView {
    /// They.
    pub(super) items: Vec<ProviderView>,
}

impl Example for ProvidersView {
    fn example() -> Self {
        Self { items: vec![ProviderView::example()] }
    }
}

/// A provider to be set up. What is left out: no secret, switched on, the scopes `openid`, `profile` and `email`, no sign-up, nothing trusted,
/// groups decide nothing, new accounts are members.
#[derive(Object)]
#[oai(rename = "NewSsoProvider", deny_unknown_fields, example)]
pub(super) struct NewProvider {
    /// 1 to 32 of the characters a-z, 0-9 and -.
    pub(super) slug: String,
    /// 1 to 100 characters.
    pub(super) name: String,
    /// What it is set up from.
    #[oai(skip_serializing_if_is_none)]
    pub(super) preset: Option<Preset>,
    /// The URL that names it, exactly as it writes it.
    pub(super) issuer: String,
    /// What it calls this server.
    pub(super) client_id: String,
    /// The secret of this server there.
    #[oai(skip_serializing_if_is_none)]
    pub(super) client_secret: Option<String>,
    /// Whether people can come in by it.
    #[oai(skip_serializing_if_is_none)]
    pub(super) enabled: Option<bool>,
    /// What is asked for; `openid` always is.
    #[oai(skip_serializing_if_is_none)]
    pub(super) scopes: Option<Vec<String>>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) sign_up: Option<bool>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) trusts_email: Option<bool>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) trusts_second_factor: Option<bool>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) logout: Option<bool>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) groups_claim: Option<String>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) group_roles: Option<Vec<GroupRoleView>>,
    /// See the provider; `null`: nobody is let in who is in none of the groups.
    pub(super) default_role: MaybeUndefined<RoleView>,
}

impl Example for NewProvider {
    fn example() -> Self {
        Self {
            slug: "home".into(),
            name: "Home".into(),
            preset: Some(Preset::Authentik),
            issuer: "https://sso.example.org/application/o/inkstone/".into(),
            client_id: "inkstone".into(),
            client_secret: Some("gX1fBat3bV".into()),
            enabled: Some(true),
            scopes: None,
            sign_up: Some(false),
            trusts_email: None,
            trusts_second_factor: None,
            logout: None,
            groups_claim: Some("groups".into()),
            group_roles: Some(vec![GroupRoleView::example()]),
            default_role: MaybeUndefined::Value(RoleView::Member),
        }
    }
}

/// A merge patch (RFC 7396): absent members keep.
#[derive(Object)]
#[oai(rename = "SsoProviderPatch", deny_unknown_fields, example)]
pub(super) struct ProviderPatch {
    /// 1 to 32 of the characters a-z, 0-9 and -. The provider has to know the new `redirect_uri` then.
    #[oai(skip_serializing_if_is_none)]
    pub(super) slug: Option<String>,
    /// 1 to 100 characters.
    #[oai(skip_serializing_if_is_none)]
    pub(super) name: Option<String>,
    /// What it is set up from.
    #[oai(skip_serializing_if_is_none)]
    pub(super) preset: Option<Preset>,
    /// The URL that names it. Whoever is linked stays linked under the former one.
    #[oai(skip_serializing_if_is_none)]
    pub(super) issuer: Option<String>,
    /// What it calls this server.
    #[oai(skip_serializing_if_is_none)]
    pub(super) client_id: Option<String>,
    /// Another secret; `null`: none any more.
    pub(super) client_secret: MaybeUndefined<String>,
    /// Whether people can come in by it.
    #[oai(skip_serializing_if_is_none)]
    pub(super) enabled: Option<bool>,
    /// What is asked for.
    #[oai(skip_serializing_if_is_none)]
    pub(super) scopes: Option<Vec<String>>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) sign_up: Option<bool>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) trusts_email: Option<bool>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) trusts_second_factor: Option<bool>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) logout: Option<bool>,
    /// See the provider; `null`: groups decide nothing.
    pub(super) groups_claim: MaybeUndefined<String>,
    /// See the provider.
    #[oai(skip_serializing_if_is_none)]
    pub(super) group_roles: Option<Vec<GroupRoleView>>,
    /// See the provider; `null`: nobody is let in who is in none of the groups.
    pub(super) default_role: MaybeUndefined<RoleView>,
}

impl Example for ProviderPatch {
    fn example() -> Self {
        Self {
            slug: None,
            name: Some("At home".into()),
            preset: None,
            issuer: None,
            client_id: None,
            client_secret: MaybeUndefined::Undefined,
            enabled: Some(true),
            scopes: None,
            sign_up: None,
            trusts_email: None,
            trusts_second_factor: None,
            logout: None,
            groups_claim: MaybeUndefined::Undefined,
            group_roles: None,
            default_role: MaybeUndefined::Undefined,
        }
    }
}

/// What a provider publishes.
#[derive(Debug, Object, Serialize)]
#[oai(rename = "SsoCheck", example)]
pub(super) struct CheckView {
    /// Whether people could come in by it, as far as that shows.
    pub(super) reachable: bool,
    /// What is wrong; null: nothing.
    pub(super) problem: Option<String>,
    /// The name that it gives itself.
    pub(super) issuer: Option<String>,
    /// Where people sign in.
    pub(super) authorization_endpoint: Option<String>,
    /// Where codes are exchanged.
    pub(super) token_endpoint: Option<String>,
    /// Where people are signed out; null: nowhere.
    pub(super) end_session_endpoint: Option<String>,
    /// How it signs.
    pub(super) signing_algorithms: Vec<String>,
}

impl CheckView {
    pub(super) fn of(checked: Result<Checked, String>) -> Self {
        match checked {
            Ok(found) => Self {
                reachable: true,
                problem: None,
                issuer: Some(found.issuer),
                authorization_endpoint: Some(found.authorization_endpoint),
                token_endpoint: Some(found.token_endpoint),
                end_session_endpoint: found.end_session_endpoint,
                signing_algorithms: found.signing_algorithms,
            },
            Err(problem) => Self {
                reachable: false,
                problem: Some(problem),
                issuer: None,
                authorization_endpoint: None,
                token_endpoint: None,
                end_session_endpoint: None,
                signing_algorithms: Vec::new(),
            },
        }
    }
}

impl Example for CheckView {
    fn example() -> Self {
        Self::of(Ok(Checked {
            issuer: "https://sso.example.org".into(),
            authorization_endpoint: "https://sso.example.org/authorize".into(),
            token_endpoint: "https://sso.example.org/token".into(),
            end_session_endpoint: Some("https://sso.example.org/logout".into()),
            signing_algorithms: vec!["RS256".into()],
        }))
    }
}

pub(super) fn role(member: MaybeUndefined<RoleView>) -> Option<Option<Word>> {
    clearable(member).map(|role| role.map(|role| Word(role.into())))
}

pub(super) fn groups(views: Vec<GroupRoleView>) -> Vec<GroupRole> {
    views.into_iter().map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_preset_has_its_word() {
        for (preset, word) in Preset::ALL.into_iter().zip(crate::sso::PRESETS) {
            assert_eq!(preset.as_str(), word);
            assert_eq!(serde_json::to_value(preset).unwrap(), word);
            assert_eq!(Preset::of(word), preset);
        }
    }
}
