//! The very letters that an operation would send: it is done as always, the letters are written from that, and then it is all undone.

use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};
use uuid::Uuid;

use super::Letters;
use crate::entity::message::{self, Column, Entity};
use crate::entity::values::MessageKind;
use crate::error::Result;
use crate::id;
use crate::mail::links::Links;
use crate::mail::{Letter, Rendered};
use crate::scope::{Scope, Txn};

/// A letter as an operation would send it.
#[derive(Debug, Clone)]
pub struct PreviewedLetter {
    /// Whom it tells what, and when.
    pub message: message::Model,
    /// What she reads.
    pub letter: Letter,
}

/// A transaction in which an operation is tried. It is never committed: nothing is kept, nothing is sent.
pub struct Rehearsal<'a> {
    letters: &'a Letters,
    links: Links,
    txn: Txn,
    /// What is younger was written in it.
    before: Uuid,
}

impl<'a> Rehearsal<'a> {
    /// Begins one, with letters written by `letters`.
    pub async fn begin(scope: &Scope, letters: &'a Letters) -> Result<Self> {
        // It may write a key; within the transaction it could not.
        let links = letters.links(scope).await?;
        Ok(Self { letters, links, txn: scope.begin().await?, before: id::new() })
    }

    /// Where the operation is carried out.
    pub fn txn(&self) -> &Txn {
        &self.txn
    }

    /// What the operation would send to `teacher_id`, by the day of sending; then all is as before.
    pub async fn letters_to(self, teacher_id: Uuid) -> Result<Vec<PreviewedLetter>> {
        let scope = self.txn.scope();
        let messages = Entity::find()
            .filter(Column::DistrictId.eq(scope.district.id))
            .filter(Column::TeacherId.eq(teacher_id))
            .filter(Column::Kind.ne(MessageKind::SessionDeclined))
            .filter(Column::Id.gt(self.before))
            .order_by_asc(Column::SendAt)
            .order_by_asc(Column::Id)
            .all(&*self.txn)
            .await?;
        let written = self.letters.render_as(scope, &*self.txn, &self.links, &messages).await?;
        let letter = |(message, rendered)| match rendered {
            Rendered::Letter(letter) => Some(PreviewedLetter { message, letter: *letter }),
            Rendered::Stale => None,
        };
        Ok(messages.into_iter().zip(written).filter_map(letter).collect())
    }
}
