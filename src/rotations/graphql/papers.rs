//! Papers of a round and certificates of service as the API shows them.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::NaiveDate;

use crate::access;
use crate::entity::values::{AssessmentResult, DutyKind, Locale, PlacementForm};
use crate::graphql::{OrFault, ident, one, scope, the};
use crate::groups::graphql::School;
use crate::id::Kind;
use crate::people::graphql::{Posting, Teacher};
use crate::rotations::certificates::{self, Certificate, RULE, Request, Served, Spell};
use crate::rotations::graphql::RotationRound;
use crate::rotations::papers::{self, Cell, Form, Paper, PaperKind, Table};

/// A paper of a round: tables, or a form for each person. `tongpan rotation paper` writes the same as a workbook.
#[derive(SimpleObject)]
pub struct RotationPaper {
    /// Which.
    kind: PaperKind,
    /// Its name, e.g. 花名册.
    name: &'static str,
    /// Its tables; empty when it is made of forms.
    tables: Vec<RotationPaperTable>,
    /// Its forms, by staff number; empty when it is made of tables.
    forms: Vec<RotationPaperForm>,
}

/// A table of a paper.
#[derive(SimpleObject)]
pub struct RotationPaperTable {
    /// Name of its sheet.
    name: String,
    /// Heading.
    title: String,
    /// Headings of the columns.
    headings: Vec<&'static str>,
    /// Rows, each with a cell for each column; a cell with nothing to say, or to be filled in by hand, is empty.
    rows: Vec<Vec<String>>,
    /// Sums below the rows; null where nothing is added up.
    sums: Option<Vec<String>>,
    /// What stands below the table.
    notes: Vec<String>,
}

/// A form of a paper, for one person.
#[derive(SimpleObject)]
pub struct RotationPaperForm {
    /// Staff number and name.
    name: String,
    /// Heading.
    title: String,
    /// What it asks, in order.
    fields: Vec<RotationPaperField>,
}

/// A field of a form.
#[derive(SimpleObject)]
pub struct RotationPaperField {
    /// What it asks.
    label: &'static str,
    /// What is filled in; empty when it is to be filled in by hand.
    value: String,
}

impl From<Paper> for RotationPaper {
    fn from(paper: Paper) -> Self {
        Self {
            kind: paper.kind,
            name: paper.kind.zh(),
            tables: paper.tables.into_iter().map(Into::into).collect(),
            forms: paper.forms.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Table> for RotationPaperTable {
    fn from(table: Table) -> Self {
        let texts = |row: &Vec<Cell>| row.iter().map(Cell::text).collect();
        Self {
            headings: table.columns.iter().map(|column| column.heading).collect(),
            rows: table.rows.iter().map(texts).collect(),
            sums: table.sums.as_ref().map(texts),
            name: table.name,
            title: table.title,
            notes: table.notes,
        }
    }
}

impl From<Form> for RotationPaperForm {
    fn from(form: Form) -> Self {
        let fields = form.fields.into_iter();
        let fields = fields.map(|field| RotationPaperField { label: field.label, value: field.value });
        Self { name: form.name, title: form.title, fields: fields.collect() }
    }
}

/// A length of service: whole years and months by the calendar, and the days that make no whole month.
#[derive(SimpleObject)]
pub struct ServiceLength {
    /// Whole years.
    years: u32,
    /// Whole months beyond the years.
    months: u32,
    /// Days that make no whole month, of each stretch for itself.
    days: u32,
    /// As the certificate writes it, e.g. 1年6个月.
    text: String,
}

impl From<Served> for ServiceLength {
    fn from(length: Served) -> Self {
        Self { years: length.years(), months: length.months(), days: length.days, text: length.zh() }
    }
}

/// Service at one school, as a certificate states it.
pub struct ServiceSpell(Spell);

/// Service at one school, as a certificate states it.
#[Object]
impl ServiceSpell {
    /// The posting.
    async fn posting(&self, ctx: &Context<'_>) -> Result<Posting> {
        the(ctx, self.0.posting.id).await
    }

    /// The school she served at.
    async fn school(&self, ctx: &Context<'_>) -> Result<School> {
        the(ctx, self.0.posting.school_id).await
    }

    /// Where the school lies.
    async fn locale(&self) -> Locale {
        self.0.locale
    }

    /// Name of her own school when it began; null when she had none.
    async fn home_school_name(&self) -> Option<&str> {
        self.0.home.as_deref()
    }

    /// In which form.
    async fn form(&self) -> PlacementForm {
        self.0.form()
    }

    /// A duty she held there.
    async fn duty(&self) -> Option<DutyKind> {
        self.0.duty()
    }

    /// Whether she was there every day; fixed weekdays are shown, and do not add up.
    async fn full_time(&self) -> bool {
        self.0.is_full_time()
    }

    /// First day.
    async fn from_on(&self) -> NaiveDate {
        self.0.from_on()
    }

    /// Last day that counts.
    async fn until_on(&self) -> NaiveDate {
        self.0.until_on
    }

    /// Whether she serves on after that day.
    async fn ongoing(&self) -> bool {
        self.0.ongoing
    }

    /// How long.
    async fn length(&self) -> ServiceLength {
        self.0.length.into()
    }

    /// What she taught there by the timetable, e.g. 数学（五年级）; else the subject of her post.
    async fn taught(&self) -> &[String] {
        &self.0.taught
    }

    /// Result of the final assessment, once there is one.
    async fn result(&self) -> Option<AssessmentResult> {
        self.0.result
    }
}

/// A certificate of service 交流任教服务证明. `tongpan rotation certificate` writes it as a page to print.
pub struct ServiceCertificate(Certificate);

/// A certificate of service 交流任教服务证明. `tongpan rotation certificate` writes it as a page to print.
#[Object]
impl ServiceCertificate {
    /// Staff number, day, digest of all that it says: the same facts have the same number.
    async fn number(&self) -> &str {
        &self.0.number
    }

    /// Whose service.
    async fn teacher(&self, ctx: &Context<'_>) -> Result<Teacher> {
        the(ctx, self.0.teacher.id).await
    }

    /// The day up to which service counts.
    async fn counted_on(&self) -> NaiveDate {
        self.0.counted_on
    }

    /// Where and when, the earliest first.
    async fn spells(&self) -> Vec<ServiceSpell> {
        self.0.spells.iter().cloned().map(ServiceSpell).collect()
    }

    /// All of it, but for fixed weekdays.
    async fn total(&self) -> ServiceLength {
        self.0.total.into()
    }

    /// Of the total, at schools of towns 镇区.
    async fn town_total(&self) -> ServiceLength {
        self.0.town.into()
    }

    /// Of the total, at schools of villages 乡村.
    async fn rural_total(&self) -> ServiceLength {
        self.0.rural.into()
    }

    /// The rule it is counted by, as it stands on the certificate.
    async fn rule(&self) -> &'static str {
        RULE
    }
}

/// Reads papers and certificates.
#[derive(Default)]
pub struct PapersQuery;

#[Object]
impl PapersQuery {
    /// A paper of a round, from what is stored now; null when there is no such round, or nobody is signed in.
    #[graphql(complexity = "500 + child_complexity")]
    async fn rotation_paper(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "The round.")] round_id: ID,
        #[graphql(desc = "Which paper.")] kind: PaperKind,
    ) -> Result<Option<RotationPaper>> {
        let id = ident(Kind::Round, &round_id, "roundId").or_fault(ctx)?;
        let scope = scope(ctx)?;
        if !access::may_see_personal(scope) {
            return Ok(None);
        }
        let Some(RotationRound(round)) = one(ctx, id).await? else { return Ok(None) };
        Ok(Some(papers::paper(scope, &round, kind).await.or_fault(ctx)?.into()))
    }

    /// The certificate of somebody's service at other schools; null when nobody is signed in. An error when the day is still
    /// ahead, or she has not served elsewhere.
    #[graphql(complexity = "100 + child_complexity")]
    async fn service_certificate(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose service.")] teacher_id: ID,
        #[graphql(desc = "Only this posting; null: all of them.")] posting_id: Option<ID>,
        #[graphql(desc = "The day up to which service counts; null: today.")] on: Option<NaiveDate>,
    ) -> Result<Option<ServiceCertificate>> {
        let teacher = ident(Kind::Teacher, &teacher_id, "teacherId").or_fault(ctx)?;
        let posting =
            posting_id.map(|id| ident(Kind::Posting, &id, "postingId")).transpose().or_fault(ctx)?;
        let scope = scope(ctx)?;
        if !access::may_see_personal(scope) {
            return Ok(None);
        }
        let request = Request { teachers: vec![teacher], posting, on };
        let written = certificates::certificates(scope, &request).await.or_fault(ctx)?;
        Ok(written.into_iter().next().map(ServiceCertificate))
    }

    /// The certificate that has this number; null when there never was one, the facts have changed since, or nobody is signed in.
    #[graphql(complexity = "100 + child_complexity")]
    async fn service_certificate_by_number(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number.")] number: String,
    ) -> Result<Option<ServiceCertificate>> {
        let scope = scope(ctx)?;
        if !access::may_see_personal(scope) {
            return Ok(None);
        }
        let found = certificates::verify(scope, number.trim()).await.or_fault(ctx)?;
        Ok(found.map(ServiceCertificate))
    }
}
