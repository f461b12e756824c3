//! The cover list as the API shows it.

use async_graphql::{Context, ID, InputObject, Object, Result};
use chrono::{DateTime, NaiveDate, Utc};

use crate::calendar::graphql::Lesson;
use crate::graphql::{Connected, Key, OrFault, Page, Position, ident, page_of, scope, the, weight};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::Teacher;
use crate::plans::cover::{self, CoverRow};
use crate::plans::standing::Which;
use crate::sessions::graphql::ResearchSession;

/// A lesson that a colleague has to give.
pub struct CoveredLesson(CoverRow);

/// A lesson that a colleague has to give 调课, because its teacher goes to a session.
#[Object]
impl CoveredLesson {
    /// The school where it is given; null when it lies outside the district.
    async fn school(&self) -> Option<School> {
        self.0.school.clone().map(School)
    }

    /// Whose lesson it is.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher_id).await
    }

    /// The day.
    async fn on(&self) -> NaiveDate {
        self.0.on
    }

    /// The timetable entry, with class, subject and period; null when the timetable has changed since the session was planned.
    async fn lesson(&self) -> Option<Lesson> {
        self.0.lesson.clone().map(Lesson)
    }

    /// The lesson in words: day, time, class, subject.
    async fn text(&self) -> &str {
        &self.0.text
    }

    /// The session its teacher goes to.
    async fn session(&self) -> ResearchSession {
        ResearchSession(self.0.session.clone())
    }

    /// When that session starts.
    async fn session_starts_at(&self) -> DateTime<Utc> {
        self.0.starts_at
    }
}

impl CoveredLesson {
    fn position(&self) -> Position {
        let (school, on, period, number) = self.0.position();
        Position(Key::Text(format!("{school} {on} {period:010} {number} {}", self.0.text)), self.0.session.id)
    }
}

/// Which lessons of a cover list to show; what is left out does not matter.
#[derive(Debug, Default, InputObject)]
pub struct CoverFilter {
    /// Because of sessions of this group.
    group_id: Option<ID>,
    /// Given at this school.
    school_id: Option<ID>,
    /// From this day on.
    from: Option<NaiveDate>,
    /// Until this day.
    until: Option<NaiveDate>,
}

impl CoverFilter {
    fn read(self) -> crate::error::Result<cover::CoverFilter> {
        let id = |kind, id: Option<ID>, field| id.map(|id| ident(kind, &id, field)).transpose();
        Ok(cover::CoverFilter {
            group_id: id(Kind::Group, self.group_id, "filter.groupId")?,
            school_id: id(Kind::School, self.school_id, "filter.schoolId")?,
            from: self.from,
            until: self.until,
        })
    }
}

/// A page of a cover list.
pub async fn listed(
    ctx: &Context<'_>,
    which: Which,
    filter: CoverFilter,
    page: Page,
) -> Result<Connected<CoveredLesson>> {
    let filter = filter.read().or_fault(ctx)?;
    let list = cover::list(scope(ctx)?, which, &filter).await.or_fault(ctx)?;
    page_of(ctx, list.rows.into_iter().map(CoveredLesson).collect(), CoveredLesson::position, page)
}

/// Reads what has to be covered.
#[derive(Default)]
pub struct CoverQuery;

#[Object]
impl CoverQuery {
    /// The cover list 调课单 of what is published in a term, by school, day and period. That of a draft: `plan { coverList }`.
    #[graphql(complexity = "500 + weight(first, last, child_complexity)")]
    async fn cover_list(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The term.")] term_id: ID,
        #[graphql(desc = "Which lessons.", default)] filter: CoverFilter,
        #[graphql(desc = "How many from the front; at most 100.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
        #[graphql(desc = "How many from the end; at most 100.")] last: Option<i32>,
        #[graphql(desc = "Before this cursor.")] before: Option<String>,
    ) -> Result<Connected<CoveredLesson>> {
        let term_id = ident(Kind::Term, &term_id, "termId").or_fault(ctx)?;
        let which = Which::Published { term_id, group_id: None };
        listed(ctx, which, filter, Page::new(first, after, last, before)).await
    }
}
