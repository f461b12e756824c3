//! Links in mails: each is signed, so that whoever holds it may do the one thing it is for, without signing in. They are the same
//! however often they are made, since a mail that is tried again must be the same mail.

use std::fmt;

use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, KeyInit, Mac};
use rand::TryRngCore;
use rand::rngs::OsRng;
use sea_orm::sea_query::OnConflict;
use sea_orm::{ActiveValue, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter};
use sha2::Sha256;
use uuid::Uuid;

use crate::entity::link_key;
use crate::error::{Error, Result};
use crate::id;
use crate::scope::Scope;

/// Octets of a signature: half of HMAC-SHA-256's, which is enough (RFC 2104, 5).
const SIGNATURE: usize = 16;
/// Octets of an identifier.
const IDENTIFIER: usize = 16;

/// What a link lets its holder do; also the first part of its path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Answer an invitation: a session and a teacher.
    Reply,
    /// Say which mails one does not want: a teacher.
    Unsubscribe,
}

impl Purpose {
    const fn path(self) -> &'static str {
        match self {
            Self::Reply => "reply",
            Self::Unsubscribe => "unsubscribe",
        }
    }
}

/// What a link says, before its signature is looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claimed {
    /// The district whose key must have signed it.
    pub district_id: Uuid,
    /// What it is about.
    pub about: Vec<Uuid>,
    token: Vec<u8>,
}

/// Makes a district's links and tells its own from forged ones.
#[derive(Clone)]
pub struct Links {
    district_id: Uuid,
    secret: String,
    /// Where people reach the service, without a slash at its end; `None`: nowhere, and mails have no links.
    base: Option<String>,
}

/// Never shows the secret.
impl fmt::Debug for Links {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links").field("district_id", &self.district_id).field("base", &self.base).finish()
    }
}

impl Links {
    /// The links of a scope's district. The key is made when it is first asked for.
    pub async fn of(scope: &Scope, base: Option<&str>) -> Result<Self> {
        let district_id = scope.district.id;
        let secret = match stored(scope.reader(), district_id).await? {
            Some(secret) => secret,
            None => made(scope).await?,
        };
        let base = base.map(|base| base.trim().trim_end_matches('/').to_owned());
        Ok(Self { district_id, secret, base: base.filter(|base| !base.is_empty()) })
    }

    /// The address of a page of the service; `None` when nobody said where people reach it.
    pub fn page(&self, path: &str) -> Option<String> {
        Some(format!("{}/{path}", self.base.as_ref()?))
    }

    /// A signed address; `None` when nobody said where people reach the service.
    pub fn url(&self, purpose: Purpose, about: &[Uuid]) -> Option<String> {
        self.page(&format!("{}/{}", purpose.path(), self.token(purpose, about)))
    }

    /// The last part of a signed address.
    pub fn token(&self, purpose: Purpose, about: &[Uuid]) -> String {
        let mut octets: Vec<u8> = self.district_id.as_bytes().to_vec();
        about.iter().for_each(|id| octets.extend_from_slice(id.as_bytes()));
        let signature = self.mac(purpose, &octets).finalize().into_bytes();
        octets.extend_from_slice(&signature[..SIGNATURE]);
        BASE64URL_NOPAD.encode(&octets)
    }

    /// Whether this district signed what a link says, for this purpose.
    pub fn signed(&self, purpose: Purpose, claimed: &Claimed) -> bool {
        let (octets, signature) = claimed.token.split_at(claimed.token.len() - SIGNATURE);
        claimed.district_id == self.district_id
            && self.mac(purpose, octets).verify_truncated_left(signature).is_ok()
    }

    fn mac(&self, purpose: Purpose, octets: &[u8]) -> Hmac<Sha256> {
        // A key of any length will do.
        let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(self.secret.as_bytes())
            .unwrap_or_else(|_| unreachable!());
        mac.update(purpose.path().as_bytes());
        mac.update(octets);
        mac
    }
}

/// Reads the last part of a signed address; `None` when it is none. Nothing is proven before [`Links::signed`].
pub fn read(token: &str) -> Option<Claimed> {
    let token = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
    let body = token.len().checked_sub(SIGNATURE).filter(|body| *body > 0 && body % IDENTIFIER == 0)?;
    let mut ids = token[..body].chunks_exact(IDENTIFIER).filter_map(|octets| Uuid::from_slice(octets).ok());
    let district_id = ids.next()?;
    Some(Claimed { district_id, about: ids.collect(), token })
}

async fn stored(connection: &impl ConnectionTrait, district_id: Uuid) -> Result<Option<String>> {
    let row = link_key::Entity::find().filter(link_key::Column::DistrictId.eq(district_id)).one(connection);
    Ok(row.await?.map(|row| row.secret))
}

/// Two programs that make one at once keep the first.
async fn made(scope: &Scope) -> Result<String> {
    let txn = scope.begin().await?;
    let row = link_key::ActiveModel {
        id: ActiveValue::Set(id::new()),
        district_id: ActiveValue::Set(scope.district.id),
        secret: ActiveValue::Set(BASE64URL_NOPAD.encode(&random()?)),
        created_at: ActiveValue::Set(scope.now()),
    };
    let nothing = OnConflict::column(link_key::Column::DistrictId).do_nothing().to_owned();
    link_key::Entity::insert(row).on_conflict(nothing).exec_without_returning(&*txn).await?;
    let secret = stored(&*txn, scope.district.id).await?;
    txn.commit().await?;
    secret.ok_or_else(|| Error::internal("the signing key was not kept"))
}

/// 32 octets nobody can guess, for keys and tokens.
pub fn random() -> Result<[u8; 32]> {
    let mut octets = [0; 32];
    OsRng.try_fill_bytes(&mut octets).map_err(|error| Error::Internal(Box::new(error)))?;
    Ok(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::testing::Town;

    const ABOUT: [Uuid; 2] = [Uuid::from_u128(1), Uuid::from_u128(2)];

    #[tokio::test]
    async fn a_link_is_the_same_each_time_and_says_what_it_is_about() {
        let town = Town::new().await;
        let links = Links::of(&town.scope, Some("https://jy.example.com/")).await.unwrap();
        let again = Links::of(&town.scope, Some("https://jy.example.com")).await.unwrap();
        let url = links.url(Purpose::Reply, &ABOUT).unwrap();
        assert_eq!(again.url(Purpose::Reply, &ABOUT), Some(url.clone()));
        let token = url.strip_prefix("https://jy.example.com/reply/").unwrap();
        let claimed = read(token).unwrap();
        assert_eq!((claimed.district_id, claimed.about.as_slice()), (town.scope.district.id, &ABOUT[..]));
        assert!(links.signed(Purpose::Reply, &claimed));
    }

    #[tokio::test]
    async fn a_link_is_good_for_its_purpose_and_unchanged_only() {
        let town = Town::new().await;
        let links = Links::of(&town.scope, None).await.unwrap();
        assert_eq!(links.url(Purpose::Reply, &ABOUT), None);
        let token = links.token(Purpose::Reply, &ABOUT);
        assert!(!links.signed(Purpose::Unsubscribe, &read(&token).unwrap()));
        let other = links.token(Purpose::Reply, &[ABOUT[0], Uuid::from_u128(3)]);
        // The other's body under this one's signature.
        let cut = token.len() - 22;
        let forged = format!("{}{}", &other[..cut], &token[cut..]);
        assert!(read(&forged).is_none_or(|claimed| !links.signed(Purpose::Reply, &claimed)));
        for nonsense in ["", "x", "AAAA", &token[1..], "教研"] {
            assert!(
                read(nonsense).is_none_or(|claimed| !links.signed(Purpose::Reply, &claimed)),
                "{nonsense}"
            );
        }
    }
}
