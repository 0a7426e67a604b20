//! The endpoints of administrators for providers.

use poem_openapi::param::Path;
use poem_openapi::{ApiResponse, OpenApi};
use uuid::Uuid;

use super::views::{CheckView, NewProvider, Preset, ProviderPatch, ProviderView, ProvidersView, groups, role};
use crate::http::auth::{Administers, AdministersFresh, Auth};
use crate::http::json::Json;
use crate::http::patch::clearable;
use crate::http::problem::Problem;
use crate::http::sections::Section;
use crate::http::serialized::Serialized;
use crate::sso::{Counted, Description, Settings, Sso};

/// Serves `/admin/sso-providers`.
#[derive(Debug, Clone)]
pub struct ProvidersApi {
    sso: Sso,
    /// The path under which the API is reached, for `Location`.
    base: String,
}

#[derive(ApiResponse)]
enum Created {
    /// The provider.
    #[oai(status = 201)]
    Created(
        Serialized<ProviderView>,
        /// Where it is.
        #[oai(header = "Location")]
        String,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Changed {
    /// The provider as it is now.
    #[oai(status = 200)]
    Ok(
        Serialized<ProviderView>,
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

#[derive(ApiResponse)]
enum Removed {
    /// Taken away.
    #[oai(status = 204)]
    Done(
        /// The change number that the write reached.
        #[oai(header = "Inkstone-Change")]
        i64,
    ),
}

impl ProvidersApi {
    /// `base` is the API's path as clients see it, such as `/api/v1`.
    pub fn new(sso: Sso, base: String) -> Self {
        Self { sso, base }
    }

    fn view(&self, counted: Counted) -> ProviderView {
        let redirect_uri = self.sso.redirect_uri(&counted.provider.slug);
        ProviderView::of(counted, redirect_uri)
    }
}

#[OpenApi(tag = "Section::Admin")]
impl ProvidersApi {
    /// List all providers of single sign-on.
    #[oai(path = "/admin/sso-providers", method = "get", operation_id = "listSsoProviders")]
    async fn list_sso_providers(&self, _auth: Auth<Administers>) -> Result<Serialized<ProvidersView>, Problem> {
        let items = self.sso.providers().await?.into_iter().map(|counted| self.view(counted)).collect();
        Ok(Serialized::of(&ProvidersView { items })?)
    }

    /// Set a provider up.
    #[oai(path = "/admin/sso-providers", method = "post", operation_id = "createSsoProvider")]
    async fn create_sso_provider(
        &self,
        auth: Auth<AdministersFresh>,
        body: Json<NewProvider>,
    ) -> Result<Created, Problem> {
        let body = body.0;
        let unsaid = Settings::default();
        let described = Description {
            slug: body.slug,
            name: body.name,
            preset: body.preset.unwrap_or(Preset::Generic).as_str().into(),
            issuer: body.issuer,
            client_id: body.client_id,
            enabled: body.enabled.unwrap_or(true),
            settings: Settings {
                scopes: body.scopes.unwrap_or(unsaid.scopes),
                sign_up: body.sign_up.unwrap_or(unsaid.sign_up),
                trusts_email: body.trusts_email.unwrap_or(unsaid.trusts_email),
                trusts_second_factor: body.trusts_second_factor.unwrap_or(unsaid.trusts_second_factor),
                logout: body.logout.unwrap_or(unsaid.logout),
                groups_claim: body.groups_claim,
                group_roles: groups(body.group_roles.unwrap_or_default()),
                default_role: role(body.default_role).unwrap_or(unsaid.default_role),
            },
        };
        let secret = body.client_secret.unwrap_or_default();
        let written = self.sso.create(&auth.caller, described, &secret).await?;
        let location = format!("{}/admin/sso-providers/{}", self.base, written.value.provider.id);
        Ok(Created::Created(Serialized::of(&self.view(written.value))?, location, written.change))
    }

    /// Read a provider.
    #[oai(path = "/admin/sso-providers/:id", method = "get", operation_id = "getSsoProvider")]
    async fn get_sso_provider(
        &self,
        _auth: Auth<Administers>,
        /// Of the provider.
        id: Path<Uuid>,
    ) -> Result<Serialized<ProviderView>, Problem> {
        Ok(Serialized::of(&self.view(self.sso.provider(id.0).await?))?)
    }

    /// Change a provider.
    #[oai(path = "/admin/sso-providers/:id", method = "patch", operation_id = "updateSsoProvider")]
    async fn update_sso_provider(
        &self,
        auth: Auth<AdministersFresh>,
        /// Of the provider.
        id: Path<Uuid>,
        body: Json<ProviderPatch>,
    ) -> Result<Changed, Problem> {
        let body = body.0;
        let now = self.sso.provider(id.0).await?.provider;
        let was = now.settings;
        let described = Description {
            slug: body.slug.unwrap_or(now.slug),
            name: body.name.unwrap_or(now.name),
            preset: body.preset.map_or(now.preset, |preset| preset.as_str().into()),
            issuer: body.issuer.unwrap_or(now.issuer),
            client_id: body.client_id.unwrap_or(now.client_id),
            enabled: body.enabled.unwrap_or(now.enabled),
            settings: Settings {
                scopes: body.scopes.unwrap_or(was.scopes),
                sign_up: body.sign_up.unwrap_or(was.sign_up),
                trusts_email: body.trusts_email.unwrap_or(was.trusts_email),
                trusts_second_factor: body.trusts_second_factor.unwrap_or(was.trusts_second_factor),
                logout: body.logout.unwrap_or(was.logout),
                groups_claim: clearable(body.groups_claim).unwrap_or(was.groups_claim),
                group_roles: body.group_roles.map_or(was.group_roles, groups),
                default_role: role(body.default_role).unwrap_or(was.default_role),
            },
        };
        let secret = clearable(body.client_secret).map(Option::unwrap_or_default);
        let written = self.sso.update(&auth.caller, id.0, described, secret.as_deref()).await?;
        Ok(Changed::Ok(Serialized::of(&self.view(written.value))?, written.change))
    }

    /// Take a provider away.
    ///
    /// Nobody comes in by it any more. Whoever is linked stays so, for when it comes back.
    #[oai(path = "/admin/sso-providers/:id", method = "delete", operation_id = "deleteSsoProvider")]
    async fn delete_sso_provider(
        &self,
        auth: Auth<AdministersFresh>,
        /// Of the provider.
        id: Path<Uuid>,
    ) -> Result<Removed, Problem> {
        Ok(Removed::Done(self.sso.remove(&auth.caller, id.0).await?.change))
    }

    /// Ask a provider what it publishes now.
    #[oai(path = "/admin/sso-providers/:id/check", method = "post", operation_id = "checkSsoProvider")]
    async fn check_sso_provider(
        &self,
        _auth: Auth<Administers>,
        /// Of the provider.
        id: Path<Uuid>,
    ) -> Result<Serialized<CheckView>, Problem> {
        Ok(Serialized::of(&CheckView::of(self.sso.check(id.0).await?))?)
    }
}
