//! The count on the terminal, as an office hangs it up: who is eligible by school and why others are not, what the rates ask for,
//! and 学科余缺 by stage.

use std::collections::{BTreeMap, HashMap};

use clap::Args;
use sea_orm::{EntityTrait, QueryOrder};
use serde_json::json;
use uuid::Uuid;

use super::find_round;
use crate::cli::context::{Context, find_school};
use crate::cli::output;
use crate::entity::values::{StaffingSource, Stage};
use crate::entity::{candidacy, rotation_round, school, staffing, subject, teacher};
use crate::error::{Language, Result, UserError};
use crate::id::Kind;
use crate::rotations::count::{
    self, CountOptions, Facts, RateCount, Reason, Standings, Summary, counting_day,
};
use crate::rotations::policy::{Bound, base_words, quality_words, share_words};
use crate::rows;
use crate::scope::Scope;

/// 摸底选项。
#[derive(Debug, Args)]
pub struct CountArgs {
    /// 每周多少课时算一名教师，如 小学=16；不写则按全县本学科的平均课时均摊
    #[arg(long, value_name = "学段=课时")]
    norm: Vec<String>,
    /// 只看已有的结果，不重新计算
    #[arg(long)]
    show: bool,
    /// 逐人列出一所学校的结果与理由
    #[arg(long, value_name = "学校")]
    school: Option<String>,
}

/// What the tables are made of.
struct Board {
    round: rotation_round::Model,
    summary: Summary,
    staffing: Vec<staffing::Model>,
    schools: Vec<school::Model>,
    subjects: Vec<subject::Model>,
}

/// Counts a round and prints it.
pub async fn count(context: &Context, which: Option<&str>, args: CountArgs) -> Result<()> {
    let scope = context.scope().await?;
    let mut round = find_round(&scope, which).await?;
    if !args.show {
        let norms = args.norm.iter().map(|text| norm(text)).collect::<Result<BTreeMap<Stage, u32>>>()?;
        round = count::run(&scope, round.id, &CountOptions { norms }).await?.round;
    }
    if let Some(name) = &args.school {
        let school = find_school(&scope, name).await?;
        return people(context, &scope, &round, &school).await;
    }
    let board = Board::load(&scope, round).await?;
    if context.json() {
        return output::json(&board.as_json());
    }
    board.print(&scope, context.language());
    Ok(())
}

fn norm(text: &str) -> Result<(Stage, u32)> {
    let read = || {
        let (stage, lessons) = text.split_once('=')?;
        Some((Stage::from_zh(stage)?, lessons.trim_end_matches('节').parse().ok()?))
    };
    read().ok_or_else(|| {
        let zh = format!("--norm “{text}”看不懂，请写成 小学=16");
        UserError::new("NORM", zh, format!("--norm {text:?} is not understood: write 小学=16")).into()
    })
}

impl Board {
    async fn load(scope: &Scope, round: rotation_round::Model) -> Result<Self> {
        let schools = rows::in_district(scope.district.id, school::Entity::find());
        let subjects = rows::in_district(scope.district.id, subject::Entity::find());
        Ok(Self {
            summary: count::summary(scope, &round).await?,
            staffing: count::staffing_rows(scope.reader(), &round).await?,
            schools: schools.order_by_asc(school::Column::Code).all(scope.reader()).await?,
            subjects: subjects.order_by_asc(subject::Column::Position).all(scope.reader()).await?,
            round,
        })
    }

    fn print(&self, scope: &Scope, language: Language) {
        let policy = self.summary.policy.as_ref();
        println!("{} {} 摸底", scope.district.name, self.round.name);
        if let Some(policy) = policy {
            let day = counting_day(&self.round, policy.bare());
            println!("依据：{}（{}条）；年限、年龄计算到 {day}", policy.row.name, policy.rules.len());
        }
        println!("\n一、符合条件教师\n");
        self.print_standings();
        self.print_remarks();
        if !self.summary.rates.is_empty() {
            println!("\n二、交流人数\n");
            self.print_rates(language);
        }
        println!("\n三、学科余缺（余为正，缺为负，空白为不缺不余）");
        self.print_staffing();
    }

    fn print_standings(&self) {
        let total = &self.summary.total;
        let reasons: Vec<Reason> =
            Reason::ALL.into_iter().filter(|reason| total.reasons.contains_key(reason)).collect();
        let mut headings = vec!["学校", "教师", "符合条件", "应交流", "可交流", "其中骨干"];
        let kept = [("暂缓", total.deferred), ("免于", total.exempt)];
        headings.extend(kept.iter().filter(|(_, count)| *count > 0).map(|(word, _)| *word));
        headings.push("不符合");
        headings.extend(reasons.iter().map(|reason| reason.zh()));
        let mut table = output::table(headings);
        let cells = |name: &str, own: &Standings| {
            let mut cells = vec![name.to_owned()];
            let figures = [own.teachers, own.eligible(), own.must, own.may, own.backbone_eligible];
            cells.extend(figures.map(|figure| figure.to_string()));
            cells.extend((total.deferred > 0).then(|| own.deferred.to_string()));
            cells.extend((total.exempt > 0).then(|| own.exempt.to_string()));
            cells.push(own.not_eligible.to_string());
            let barred = reasons.iter().map(|reason| own.reasons.get(reason).copied().unwrap_or(0));
            cells.extend(barred.map(|count| count.to_string()));
            cells
        };
        let by_school: HashMap<Uuid, &Standings> =
            self.summary.schools.iter().map(|school| (school.school_id, &school.standings)).collect();
        for school in &self.schools {
            if let Some(own) = by_school.get(&school.id) {
                table.add_row(cells(&school.name, own));
            }
        }
        table.add_row(cells("合计", total));
        output::align_right(&mut table, 1);
        println!("{table}");
    }

    fn print_remarks(&self) {
        let total = &self.summary.total;
        if total.remarked > 0 {
            println!("其中{}人名册备注有孕期、哺乳期或病假，尚未申请暂缓；申请时须附证明。", total.remarked);
        }
        if total.corrected > 0 {
            println!("其中{}人由办公室更正，理由见名单。", total.corrected);
        }
    }

    fn print_rates(&self, language: Language) {
        let mut table = output::table(["规定", "分母", "人数", "比例", "须交流", "可供"]);
        for RateCount { rate, denominator, required, available, .. } in &self.summary.rates {
            let (zh, en) = base_words(rate.base, rate.base_quality);
            let stages: Vec<&str> = rate.stages.iter().map(|stage| stage.zh()).collect();
            let stages =
                if stages.is_empty() { String::new() } else { format!("（{}）", stages.join("、")) };
            let who = quality_words(rate.movers);
            let (mark, word) = match rate.bound {
                Bound::AtLeast => ('≥', "至少"),
                Bound::AtMost => ('≤', "至多"),
            };
            let (who, base) = if language == Language::English { (who.1, en) } else { (who.0, zh) };
            table.add_row([
                format!("交流的{who}{stages}"),
                base,
                denominator.to_string(),
                format!("{mark}{}", share_words(rate.share)),
                format!("{word}{required}"),
                available.to_string(),
            ]);
        }
        println!("{table}");
        println!("以交流教师为分母的，先按至少要交流的人数计；方案确定后以实际人数为准。");
    }

    fn print_staffing(&self) {
        if self.staffing.is_empty() {
            println!("\n没有课表，也没有导入“学科余缺”表，算不出余缺。");
            return;
        }
        for stage in Stage::ALL {
            let rows: Vec<&staffing::Model> =
                self.staffing.iter().filter(|row| row.stage == *stage).collect();
            if !rows.is_empty() {
                println!("\n{}\n{}", stage.zh(), self.matrix(&rows));
            }
        }
        let from = |source| self.staffing.iter().filter(|row| row.source == source).count();
        println!(
            "\n共{}项：导入{}，按课表测算{}，更正{}。现有人数为 {} 在岗教师（名册）。",
            self.staffing.len(),
            from(StaffingSource::Imported),
            from(StaffingSource::Computed),
            from(StaffingSource::Corrected),
            self.round.starts_on
        );
    }

    /// Schools down, subjects across, and what is needed and there in all.
    fn matrix(&self, rows: &[&staffing::Model]) -> comfy_table::Table {
        let taught: Vec<&subject::Model> = self
            .subjects
            .iter()
            .filter(|subject| rows.iter().any(|row| row.subject_id == subject.id))
            .collect();
        let mut headings = vec!["学校".to_owned()];
        headings.extend(taught.iter().map(|subject| short(&subject.name).to_owned()));
        headings.extend(["需求", "现有", "余缺"].map(str::to_owned));
        let mut table = output::table(headings);
        let line = |name: &str, rows: &[&staffing::Model]| {
            let mut cells = vec![name.to_owned()];
            for subject in &taught {
                let own = rows.iter().filter(|row| row.subject_id == subject.id);
                cells.push(signed(own.map(|row| row.present - row.needed).sum()));
            }
            let (needed, present): (i32, i32) =
                rows.iter().fold((0, 0), |sum, row| (sum.0 + row.needed, sum.1 + row.present));
            cells.extend([needed.to_string(), present.to_string(), signed(present - needed)]);
            cells
        };
        for school in &self.schools {
            let own: Vec<&staffing::Model> =
                rows.iter().copied().filter(|row| row.school_id == school.id).collect();
            if !own.is_empty() {
                table.add_row(line(&school.name, &own));
            }
        }
        table.add_row(line("合计", rows));
        let short = |row: &&&staffing::Model| row.present < row.needed;
        let mut missing = vec!["其中缺".to_owned()];
        for subject in &taught {
            let own = rows.iter().filter(short).filter(|row| row.subject_id == subject.id);
            missing.push(signed(own.map(|row| row.present - row.needed).sum()));
        }
        let all = rows.iter().filter(short).map(|row| row.present - row.needed).sum();
        missing.extend([String::new(), String::new(), signed(all)]);
        table.add_row(missing);
        output::align_right(&mut table, 1);
        table
    }

    fn as_json(&self) -> serde_json::Value {
        let name = |id: Uuid| self.schools.iter().find(|school| school.id == id).map(|school| &school.name);
        let subject = |id: Uuid| self.subjects.iter().find(|row| row.id == id).map(|row| &row.name);
        let standings = |own: &Standings| {
            json!({
                "teachers": own.teachers,
                "eligible": own.eligible(),
                "mustMove": own.must,
                "mayMove": own.may,
                "exempt": own.exempt,
                "deferred": own.deferred,
                "notEligible": own.not_eligible,
                "backboneEligible": own.backbone_eligible,
                "reasons": own.reasons,
                "remarked": own.remarked,
                "corrected": own.corrected,
            })
        };
        json!({
            "round": { "id": Kind::Round.id(self.round.id), "name": self.round.name },
            "policy": self.summary.policy.as_ref().map(|policy| &policy.row.name),
            "total": standings(&self.summary.total),
            "schools": self.summary.schools.iter().map(|school| json!({
                "school": name(school.school_id),
                "standings": standings(&school.standings),
            })).collect::<Vec<_>>(),
            "rates": self.summary.rates.iter().map(|rate| json!({
                "rule": rate.ordinal,
                "rate": rate.rate,
                "denominator": rate.denominator,
                "required": rate.required,
                "available": rate.available,
            })).collect::<Vec<_>>(),
            "staffing": self.staffing.iter().map(|row| json!({
                "school": name(row.school_id),
                "stage": row.stage,
                "subject": subject(row.subject_id),
                "needed": row.needed,
                "present": row.present,
                "source": row.source,
                "note": row.note,
            })).collect::<Vec<_>>(),
        })
    }
}

/// `+2`, `-1`, nothing for none.
fn signed(number: i32) -> String {
    if number == 0 { String::new() } else { format!("{number:+}") }
}

/// Names of subjects as tables of offices shorten them.
fn short(subject: &str) -> &str {
    match subject {
        "道德与法治" => "道法",
        "体育与健康" => "体育",
        "信息科技" => "信息",
        "综合实践活动" => "综合",
        "心理健康" => "心理",
        "生物学" => "生物",
        other => other,
    }
}

/// The people of a school, each with where she stands and why.
async fn people(
    context: &Context,
    scope: &Scope,
    round: &rotation_round::Model,
    school: &school::Model,
) -> Result<()> {
    let rows = count::candidacies(scope.reader(), round).await?;
    let rows: Vec<candidacy::Model> = rows.into_iter().filter(|row| row.school_id == school.id).collect();
    let select = rows::in_district(scope.district.id, teacher::Entity::find());
    let teachers: HashMap<Uuid, teacher::Model> =
        select.all(scope.reader()).await?.into_iter().map(|row| (row.id, row)).collect();
    let language = context.language();
    let mut lines = Vec::new();
    for row in &rows {
        let facts: Facts = serde_json::from_value(row.facts.clone())?;
        let findings: Vec<String> =
            facts.findings.iter().map(|finding| count::told(finding).text(language).to_owned()).collect();
        let Some(teacher) = teachers.get(&row.teacher_id) else { continue };
        lines.push((teacher, row, findings));
    }
    if context.json() {
        let all = lines.iter().map(|(teacher, row, findings)| {
            json!({
                "id": Kind::Candidacy.id(row.id),
                "number": teacher.number,
                "name": teacher.name,
                "standing": row.standing,
                "backbone": row.backbone,
                "findings": findings,
                "correction": row.correction,
            })
        });
        return output::json(&all.collect());
    }
    println!("{} {} {}", scope.district.name, round.name, school.name);
    let mut table = output::table(["工号", "姓名", "结果", "骨干", "理由"]);
    for (teacher, row, findings) in &lines {
        let correction = row.correction.iter().map(|reason| format!("更正：{reason}"));
        let why: Vec<String> = correction.chain(findings.iter().cloned()).collect();
        table.add_row([
            teacher.number.clone(),
            teacher.name.clone(),
            row.standing.zh().to_owned(),
            if row.backbone { "是" } else { "" }.to_owned(),
            why.join("；"),
        ]);
    }
    println!("{table}");
    println!("共{}人。", lines.len());
    Ok(())
}
