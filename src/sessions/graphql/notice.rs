//! Notices to paste, for all sessions of a list at once.

use std::collections::HashMap;
use std::sync::Arc;

use async_graphql::dataloader::Loader;
use async_graphql::{Context, Result};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::entity::research_session;
use crate::error::{Error, Language};
use crate::graphql::loaders::Rows;
use crate::graphql::{fault, request};
use crate::sessions::letters::paste;

/// The notice of a session.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct NoticeOf {
    session_id: Uuid,
    english: bool,
}

impl Loader<NoticeOf> for Rows {
    type Value = String;
    type Error = Arc<Error>;

    async fn load(&self, keys: &[NoticeOf]) -> std::result::Result<HashMap<NoticeOf, String>, Self::Error> {
        let Self(scope) = self;
        let sessions = research_session::Entity::find()
            .filter(research_session::Column::DistrictId.eq(scope.district.id))
            .filter(research_session::Column::Id.is_in(keys.iter().map(|key| key.session_id)))
            .all(scope.reader())
            .await
            .map_err(|error| Arc::new(Error::from(error)))?;
        let mut found = HashMap::new();
        // All keys of a request are in its language.
        let english = keys.iter().any(|key| key.english);
        let language = if english { Language::English } else { Language::Chinese };
        let notices = paste::notices(scope, &sessions, language).await.map_err(Arc::new)?;
        for (session, notice) in sessions.into_iter().zip(notices) {
            found.insert(NoticeOf { session_id: session.id, english }, notice);
        }
        Ok(found)
    }
}

/// The notice of a session to paste, in the language of the request.
pub async fn notice(ctx: &Context<'_>, session_id: Uuid) -> Result<String> {
    let request = request(ctx)?;
    let key = NoticeOf { session_id, english: request.language == Language::English };
    let loaded = request.rows.load_one(key).await;
    let found = loaded.map_err(|error| fault(request, Error::internal(error.to_string())))?;
    Ok(found.unwrap_or_default())
}
