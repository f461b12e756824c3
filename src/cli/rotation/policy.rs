//! Policies on the terminal.

use chrono::NaiveDate;
use clap::{Args, Subcommand};
use serde_json::json;
use uuid::Uuid;

use super::tell;
use crate::cli::context::{Context, find_group};
use crate::cli::output;
use crate::entity::education_group;
use crate::entity::values::PolicyPreset;
use crate::error::{Language, Result, UserError};
use crate::id::Kind;
use crate::rotations::policy::{self, NewPolicy, NotedRule, Origin, Policy, PolicyChange};
use crate::scope::Scope;
use crate::transfer::policy::said;
use crate::transfer::table::Cell;
use crate::transfer::text;

/// 轮岗政策。
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// 列出各份政策及其起止日期
    List,
    /// 逐条列出现行政策
    Show {
        /// 政策的标识；默认为现行的
        policy: Option<String>,
        /// 只为一个集团的；默认为全县
        #[arg(long)]
        group: Option<String>,
    },
    /// 设定政策：从范本，或写明各条；有现行政策的，从 --from 起换成新的
    Set(SetArgs),
    /// 去掉政策中的几条规定，其余照旧
    Remove(RemoveArgs),
    /// 结束一份政策
    End {
        /// 政策的标识（见 tongpan rotation policy list）
        policy: String,
        /// 有效的最后一天
        #[arg(long, value_name = "日期")]
        until: NaiveDate,
    },
    /// 列出范本：各地公布过的规定
    Presets,
}

/// 设定政策的选项。
#[derive(Debug, Args)]
pub struct SetArgs {
    /// 条目=数值；说明，如 '交流比例=≥10%；占符合条件教师总数'；写法与“轮岗政策”表相同
    #[arg(value_name = "条目=数值；说明", required_unless_present = "preset")]
    rules: Vec<String>,
    /// 从范本开始，如 安徽；再写明的条目取代范本中的
    #[arg(long, value_name = "范本")]
    preset: Option<String>,
    /// 政策名称
    #[arg(long)]
    name: Option<String>,
    /// 只为一个集团设定；默认为全县
    #[arg(long)]
    group: Option<String>,
    /// 从哪一天起；默认为今天
    #[arg(long, value_name = "日期")]
    from: Option<NaiveDate>,
}

/// 去掉规定的选项。
#[derive(Debug, Args)]
pub struct RemoveArgs {
    /// 要去掉的各条的序号（见 tongpan rotation policy show）
    #[arg(required = true, value_name = "序号")]
    rules: Vec<usize>,
    /// 只为一个集团的政策；默认为全县
    #[arg(long)]
    group: Option<String>,
    /// 从哪一天起；默认为今天
    #[arg(long, value_name = "日期")]
    from: Option<NaiveDate>,
}

/// Lists, shows, sets or ends policies.
pub async fn policy(context: &Context, command: PolicyCommand) -> Result<()> {
    if matches!(command, PolicyCommand::Presets) {
        return presets(context);
    }
    let scope = context.scope().await?;
    match command {
        PolicyCommand::Presets => Ok(()),
        PolicyCommand::List => list(context, &scope).await,
        PolicyCommand::Show { policy, group } => {
            let found = find(&scope, policy.as_deref(), group.as_deref()).await?;
            show(context, &scope, &found)
        }
        PolicyCommand::Set(args) => {
            let set = set(&scope, args).await?;
            show(context, &scope, &set)
        }
        PolicyCommand::Remove(args) => {
            let left = remove(&scope, args).await?;
            show(context, &scope, &left)
        }
        PolicyCommand::End { policy, until } => end(context, &scope, &policy, until).await,
    }
}

fn presets(context: &Context) -> Result<()> {
    let language = context.language();
    if context.json() {
        let all = PolicyPreset::ALL.iter().map(|preset| {
            json!({
                "preset": preset,
                "name": preset.zh(),
                "source": policy::preset_source(*preset).text(language),
                "rules": lines(&policy::preset_rules(*preset), language),
            })
        });
        return output::json(&all.collect());
    }
    for preset in PolicyPreset::ALL {
        println!("{}", preset.zh());
        println!("  出处：{}", policy::preset_source(*preset).text(language));
        print_rules(&policy::preset_rules(*preset), language);
        println!();
    }
    Ok(())
}

async fn list(context: &Context, scope: &Scope) -> Result<()> {
    let policies = policy::list(scope).await?;
    if context.json() {
        return output::json(&policies.iter().map(|policy| as_json(policy, context.language())).collect());
    }
    if policies.is_empty() {
        println!("还没有轮岗政策：请导入“轮岗政策”表，或用 tongpan rotation policy set 设定。");
        return Ok(());
    }
    let today = scope.today();
    let mut table = output::table(["标识", "名称", "适用", "起", "止", "条数", "范本", "现行"]);
    for policy in &policies {
        let row = &policy.row;
        let runs = row.from_on <= today && row.until_on.is_none_or(|until| today <= until);
        table.add_row([
            Kind::Policy.id(row.id),
            row.name.clone(),
            if row.group_id.is_some() { "集团" } else { "全县" }.to_owned(),
            row.from_on.to_string(),
            row.until_on.map(|day| day.to_string()).unwrap_or_default(),
            policy.rules.len().to_string(),
            row.preset.map(PolicyPreset::zh).unwrap_or_default().to_owned(),
            if runs { "是" } else { "" }.to_owned(),
        ]);
    }
    println!("{table}");
    Ok(())
}

fn show(context: &Context, scope: &Scope, policy: &Policy) -> Result<()> {
    if context.json() {
        return output::json(&as_json(policy, context.language()));
    }
    let row = &policy.row;
    let until = row.until_on.map(|day| format!("至 {day}")).unwrap_or_else(|| "起有效".to_owned());
    println!("{}（{}，{} {until}）", row.name, scope.district.name, row.from_on);
    print_rules(&policy.rules, context.language());
    Ok(())
}

fn print_rules(rules: &[NotedRule], language: Language) {
    for (at, line) in (1..).zip(lines(rules, language)) {
        println!("  {at:>2}. {line}");
    }
}

fn lines(rules: &[NotedRule], language: Language) -> Vec<String> {
    let line = |(rule, note): &NotedRule| {
        let sentence = policy::sentence(rule);
        let sentence = sentence.text(language);
        match note {
            Some(note) => format!("{sentence}　［{note}］"),
            None => sentence.to_owned(),
        }
    };
    rules.iter().map(line).collect()
}

fn as_json(policy: &Policy, language: Language) -> serde_json::Value {
    json!({
        "id": Kind::Policy.id(policy.row.id),
        "name": policy.row.name,
        "group": policy.row.group_id.map(|id| Kind::Group.id(id)),
        "fromOn": policy.row.from_on,
        "untilOn": policy.row.until_on,
        "version": policy.row.version,
        "rules": policy.rules.iter().map(|(rule, note)| json!({
            "rule": rule,
            "sentence": policy::sentence(rule).text(language),
            "note": note,
        })).collect::<Vec<_>>(),
    })
}

/// The group with a name, where one is given.
pub async fn group_named(scope: &Scope, name: Option<&str>) -> Result<Option<education_group::Model>> {
    match name {
        Some(name) => Ok(Some(find_group(scope, name).await?)),
        None => Ok(None),
    }
}

/// The identifier of a policy, as `policy list` shows it.
pub fn identified(text: &str) -> Result<Uuid> {
    Kind::Policy.parse(text).ok_or_else(|| {
        UserError::new(
            "NO_SUCH_POLICY",
            format!("“{text}”不是政策的标识：请照 tongpan rotation policy list 所列填写"),
            format!("{text:?} is no identifier of a policy: take it from `tongpan rotation policy list`"),
        )
        .into()
    })
}

/// The policy of an identifier, else the one in force.
async fn find(scope: &Scope, which: Option<&str>, group: Option<&str>) -> Result<Policy> {
    if let Some(text) = which {
        return policy::load(scope.reader(), scope.district.id, identified(text)?).await;
    }
    let group_id = group_named(scope, group).await?.map(|group| group.id);
    let policies = policy::list(scope).await?;
    let rows: Vec<_> = policies.iter().map(|policy| policy.row.clone()).collect();
    let found = policy::in_force(&rows, group_id, scope.today()).map(|row| row.id);
    policies.into_iter().find(|policy| Some(policy.row.id) == found).ok_or_else(|| {
        let zh = "现在没有有效的轮岗政策：请导入“轮岗政策”表，或用 tongpan rotation policy set 设定";
        let en = "no policy of rotation is in force: import the sheet 轮岗政策, or set one";
        UserError::new("NO_POLICY", zh, en).into()
    })
}

/// Puts a policy in force, or changes the one that is.
async fn set(scope: &Scope, args: SetArgs) -> Result<Policy> {
    let preset = args.preset.as_deref().map(preset_named).transpose()?;
    let own = args.rules.iter().map(|text| rules_in(text)).collect::<Result<Vec<_>>>()?.concat();
    let from_on = args.from.unwrap_or_else(|| scope.today());
    let group_id = group_named(scope, args.group.as_deref()).await?.map(|group| group.id);
    let policies = policy::list(scope).await?;
    let rows: Vec<_> = policies.iter().map(|policy| policy.row.clone()).collect();
    let current = policy::in_force(&rows, group_id, from_on).filter(|row| row.group_id == group_id);
    let current = current.and_then(|row| policies.iter().find(|policy| policy.row.id == row.id));
    let origin = match (preset, current) {
        (Some(preset), _) if own.is_empty() => Origin::Preset(preset),
        (Some(preset), _) => Origin::Rules(policy::lay_over(&policy::preset_rules(preset), &own)),
        (None, Some(current)) => Origin::Rules(policy::lay_over(&current.rules, &own)),
        (None, None) => Origin::Rules(own),
    };
    match current {
        Some(Policy { row, .. }) => {
            let (policy_id, expected_version) = (row.id, row.version);
            let change = PolicyChange { policy_id, expected_version, from_on, name: args.name, origin };
            policy::update(scope, change).await
        }
        None => {
            let name = args.name.unwrap_or_else(|| format!("{}教师交流轮岗办法", scope.district.name));
            policy::create(scope, NewPolicy { name, group_id, from_on, origin }).await
        }
    }
}

/// Takes rules out of the policy that is in force.
async fn remove(scope: &Scope, args: RemoveArgs) -> Result<Policy> {
    let from_on = args.from.unwrap_or_else(|| scope.today());
    let group_id = group_named(scope, args.group.as_deref()).await?.map(|group| group.id);
    let policies = policy::list(scope).await?;
    let rows: Vec<_> = policies.iter().map(|policy| policy.row.clone()).collect();
    let current = policy::in_force(&rows, group_id, from_on).filter(|row| row.group_id == group_id);
    let current = current.and_then(|row| policies.iter().find(|policy| policy.row.id == row.id));
    let Policy { row, rules } = current.ok_or_else(|| none_in_force(from_on))?;
    let most = rules.len();
    if let Some(odd) = args.rules.iter().find(|at| !(1..=most).contains(*at)) {
        let zh = format!(
            "“{}”没有第{odd}条，只有1至{most}条：请照 tongpan rotation policy show 所列填写",
            row.name
        );
        let en = format!(
            "{:?} has rules 1 to {most} and no rule {odd}: see `tongpan rotation policy show`",
            row.name
        );
        return Err(UserError::new("NO_SUCH_RULE", zh, en).into());
    }
    let left = (1..).zip(rules).filter(|(at, _)| !args.rules.contains(at)).map(|(_, rule)| rule.clone());
    let change = PolicyChange {
        policy_id: row.id,
        expected_version: row.version,
        from_on,
        name: None,
        origin: Origin::Rules(left.collect()),
    };
    policy::update(scope, change).await
}

fn none_in_force(day: NaiveDate) -> UserError {
    let zh = format!("{day} 没有有效的轮岗政策：请用 tongpan rotation policy list 看有哪些");
    let en = format!("no policy of rotation is in force on {day}: see `tongpan rotation policy list`");
    UserError::new("NO_POLICY", zh, en)
}

/// Ends a policy.
async fn end(context: &Context, scope: &Scope, which: &str, until: NaiveDate) -> Result<()> {
    let known = policy::load(scope.reader(), scope.district.id, identified(which)?).await?.row;
    let ended = policy::end(scope, known.id, known.version, until).await?;
    tell(context, Kind::Policy.id(ended.id), &format!("“{}”到 {until} 为止。", ended.name))
}

fn preset_named(name: &str) -> Result<PolicyPreset> {
    let found: Vec<PolicyPreset> =
        PolicyPreset::ALL.iter().copied().filter(|preset| preset.zh().contains(name)).collect();
    if let [only] = found.as_slice() {
        return Ok(*only);
    }
    let names = PolicyPreset::ALL.iter().map(|preset| preset.zh()).collect::<Vec<_>>().join("、");
    let zh = format!("“{name}”不能确定是哪个范本；可选：{names}");
    Err(UserError::new("NO_SUCH_PRESET", zh, format!("{name:?} names no preset; choose one of: {names}"))
        .into())
}

/// Reads `条目=数值；说明` as a row of the sheet is read.
fn rules_in(written: &str) -> Result<Vec<NotedRule>> {
    let Some((item, rest)) = written.split_once('=') else {
        let zh = format!("“{written}”缺少等号，请写成 条目=数值，如 同校任教满年限=6年");
        let en = format!("{written:?} has no equals sign: write item=value, e.g. 同校任教满年限=6年");
        return Err(UserError::new("RULE", zh, en).into());
    };
    let (value, remark) = rest.split_once(['；', ';']).unwrap_or((rest, ""));
    let value = Cell::Text(text::name(value).into());
    let said = said(item, &value, &text::prose(remark)).map_err(|(place, fault)| {
        let heading = place.heading();
        let (zh, en) = (&fault.message.zh, &fault.message.en);
        UserError::new("RULE", format!("“{written}”的{heading}：{zh}"), format!("{written:?}: {en}"))
    })?;
    Ok(said.rules.into_iter().map(|rule| (rule, said.note.clone())).collect())
}
