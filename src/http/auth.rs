//! Who asks: the extractor that gives an endpoint its [`Caller`].

use poem::{Request, RequestBody};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};

use crate::caller::Caller;
use crate::error::{Error, Unauthenticated};

/// The caller whom a layer further out has found in the request's credential.
#[derive(Debug)]
pub struct Auth(pub Caller);

impl<'a> ApiExtractor<'a> for Auth {
    const TYPES: &'static [ApiExtractorType] = &[];
    type ParamType = ();
    type ParamRawType = ();

    async fn from_request(request: &'a Request, _: &mut RequestBody, _: ExtractParamOptions<()>) -> poem::Result<Self> {
        match request.data::<Caller>() {
            Some(caller) => Ok(Self(*caller)),
            None => Err(Error::Unauthenticated(Unauthenticated::Missing).into()),
        }
    }
}
