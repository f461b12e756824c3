//! What is wrong with a command line, told in Chinese: clap itself speaks English only.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, Parser};

/// What shells and scripts know a wrong command line by.
const WRONG_USAGE: u8 = 2;

/// Heading of the options that every command has.
const SHARED: &str = "共用选项";

/// Words of clap in a help text, and ours.
const IN_HELP: [(&str, &str); 4] = [
    ("[OPTIONS]", "[选项]"),
    ("[default: ", "[默认："),
    ("[env: ", "[环境变量："),
    ("[possible values: ", "[可写："),
];

/// What is to be written for an argument, by the argument's name.
const VALUES: [(&str, &str); 34] = [
    ("absence", "请假标识"),
    ("at", "时间"),
    ("closure", "停用标识"),
    ("day", "日期"),
    ("database", "数据库"),
    ("district", "区县"),
    ("file", "文件"),
    ("from", "日期"),
    ("group", "集团"),
    ("host", "学校"),
    ("kind", "类型"),
    ("label", "名称"),
    ("lang", "语言"),
    ("limit", "个数"),
    ("link", "链接"),
    ("listen", "地址:端口"),
    ("name", "说明"),
    ("number", "工号"),
    ("plan", "方案"),
    ("programme", "教研计划标识"),
    ("reason", "原因"),
    ("room", "场地"),
    ("school", "学校"),
    ("seconds", "秒数"),
    ("seed", "整数"),
    ("session", "活动标识"),
    ("sessions", "次数"),
    ("steps", "步数"),
    ("term", "学期"),
    ("threads", "线程数"),
    ("timetable", "星期"),
    ("to", "时间"),
    ("until", "日期"),
    ("weeks", "周数"),
];

/// Reads the command line; else says what is wrong with it, in the language that it or the environment asks for.
///
/// # Errors
/// The code to exit with: 0 after help or version, else 2.
pub fn parse<P: Parser>() -> Result<P, ExitCode> {
    let english = speaks_english();
    let mut command = if english { P::command() } else { in_chinese(P::command(), true) };
    let matches = command.try_get_matches_from_mut(std::env::args_os());
    let read =
        matches.and_then(|matches| P::from_arg_matches(&matches).map_err(|error| error.format(&mut command)));
    read.map_err(|error| {
        // A closed pipe is nobody's fault.
        let _ = if english { error.print() } else { print(&error) };
        ExitCode::from(if error.use_stderr() { WRONG_USAGE } else { 0 })
    })
}

/// Prints a fault to standard error, and help or version, which are none, to standard output.
fn print(error: &clap::Error) -> std::io::Result<()> {
    if error.use_stderr() {
        return std::io::stderr().write_all(explain(error).as_bytes());
    }
    let styled = error.render();
    let mut out = std::io::stdout();
    let text = if out.is_terminal() { styled.ansi().to_string() } else { styled.to_string() };
    out.write_all(in_our_words(&text).as_bytes())
}

fn in_our_words(help: &str) -> String {
    IN_HELP.iter().fold(help.to_owned(), |text, (theirs, ours)| text.replace(theirs, ours))
}

/// Whether English is asked for. The command line cannot be read, so its words are looked at one by one.
fn speaks_english() -> bool {
    let words: Vec<String> = std::env::args().collect();
    let option = words.iter().enumerate().find_map(|(at, word)| match word.strip_prefix("--lang")? {
        "" => words.get(at + 1).map(String::as_str),
        value => value.strip_prefix('='),
    });
    let variable = std::env::var("TONGPAN_LANG").ok();
    option.or(variable.as_deref()) == Some("en")
}

/// The command and all below it, with help in Chinese.
fn in_chinese(command: Command, is_root: bool) -> Command {
    let command = command
        .help_template("{before-help}{about-with-newline}\n用法：{usage}\n\n{all-args}{after-help}")
        .subcommand_help_heading("命令")
        .subcommand_value_name("命令")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(argument)
        .arg(flag("help", 'h', ArgAction::Help, "显示帮助"));
    let command =
        if is_root { command.arg(flag("version", 'V', ArgAction::Version, "显示版本")) } else { command };
    command.mut_subcommands(|below| in_chinese(below, false))
}

fn flag(name: &'static str, short: char, action: ArgAction, help: &'static str) -> Arg {
    Arg::new(name).long(name).short(short).action(action).help(help).help_heading(SHARED)
}

fn argument(arg: Arg) -> Arg {
    let name = arg.get_id().as_str().to_owned();
    let unnamed = arg.get_value_names().is_some_and(|names| names == [name.to_uppercase().as_str()]);
    let known = VALUES.iter().find(|(id, _)| unnamed && *id == name);
    let arg = match known {
        Some((_, value)) => arg.value_name(*value),
        None => arg,
    };
    let heading = match arg.is_positional() {
        true => "参数",
        false if arg.is_global_set() => SHARED,
        false => "选项",
    };
    arg.help_heading(heading).hide_env_values(true)
}

/// The fault, what to do about it, and how the command is written.
fn explain(error: &clap::Error) -> String {
    let Some(fault) = fault(error) else { return format!("错误: {error}") };
    let mut text = format!("错误: {fault}\n");
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        return text + "\n" + &in_our_words(&error.render().to_string());
    }
    if let Some(near) = nearest(error) {
        text += &format!("      是不是想写 {near}？\n");
    }
    if let Some(usage) = error.get(ContextKind::Usage).map(words) {
        let usage = in_our_words(usage.trim().trim_start_matches("Usage:").trim());
        text += &format!("\n用法：{usage}\n");
    }
    text + "\n各选项的说明见 --help。\n"
}

fn fault(error: &clap::Error) -> Option<String> {
    let said = |kind| error.get(kind).map(words).filter(|text| !text.is_empty());
    let arg = said(ContextKind::InvalidArg).unwrap_or_default();
    let value = said(ContextKind::InvalidValue);
    let one_of = |kind| said(kind).map_or(String::new(), |list| format!("，可写：{list}"));
    Some(match error.kind() {
        ErrorKind::UnknownArgument => format!("没有“{arg}”这个选项或参数，请删去或改正"),
        ErrorKind::InvalidSubcommand => {
            format!("没有“{}”这个命令", said(ContextKind::InvalidSubcommand).unwrap_or_default())
        }
        ErrorKind::MissingSubcommand | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            format!("命令没有写完，还要写明做什么{}", one_of(ContextKind::ValidSubcommand))
        }
        ErrorKind::MissingRequiredArgument => format!("缺少必须写的 {arg}"),
        ErrorKind::InvalidValue => match value {
            None => format!("{arg} 后面要写上内容{}", one_of(ContextKind::ValidValue)),
            Some(value) => format!("{arg} 不能写“{value}”{}", one_of(ContextKind::ValidValue)),
        },
        ErrorKind::ValueValidation => {
            format!("{arg} 不能写“{}”{}", value.unwrap_or_default(), wanted(error))
        }
        ErrorKind::ArgumentConflict => match said(ContextKind::PriorArg) {
            Some(other) if other != arg => format!("{arg} 不能与 {other} 同时使用，请只留一个"),
            _ => format!("{arg} 只能写一次"),
        },
        ErrorKind::TooManyValues => format!("{arg} 写多了：“{}”是多余的", value.unwrap_or_default()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => format!("{arg} 的内容个数不对"),
        ErrorKind::NoEquals => format!("{arg} 与内容之间要写等号"),
        ErrorKind::InvalidUtf8 => "有无法识别的文字，请用 UTF-8 编码输入".to_owned(),
        _ => return None,
    })
}

/// What a value that cannot be read should have been.
fn wanted(error: &clap::Error) -> String {
    let Some(source) = std::error::Error::source(error) else { return String::new() };
    if source.is::<chrono::ParseError>() {
        return "，请写成日期，如 2026-09-16".to_owned();
    }
    if source.is::<std::num::ParseIntError>() {
        return "，请写整数".to_owned();
    }
    // clap names the bounds of a number in words of its own: "70000 is not in 0..=65535".
    let text = source.to_string();
    let bounds = text.split_once(" is not in ").and_then(|(_, bounds)| bounds.split_once(".."));
    bounds.map_or(String::new(), |(least, most)| {
        format!("，请写{least}到{}之间的整数", most.trim_start_matches('='))
    })
}

/// A word that is much like the one that is wrong.
fn nearest(error: &clap::Error) -> Option<String> {
    let kinds = [ContextKind::SuggestedSubcommand, ContextKind::SuggestedArg, ContextKind::SuggestedValue];
    kinds.into_iter().find_map(|kind| error.get(kind)).map(words)
}

fn words(value: &ContextValue) -> String {
    match value {
        ContextValue::Strings(list) => list.join("、"),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use expect_test::expect;

    use super::*;
    use crate::cli::Cli;

    fn told(line: &str) -> String {
        let words = std::iter::once("tongpan").chain(line.split_whitespace());
        let read = in_chinese(Cli::command(), true).try_get_matches_from(words);
        explain(&read.expect_err("a fault"))
    }

    fn first(line: &str) -> String {
        told(line).lines().take(1).map(|fault| format!("{fault}\n")).collect()
    }

    #[test]
    fn a_wrong_option_is_named_with_one_like_it_and_the_usage() {
        let both = told("solve --grop 一实小") + &told("sove");
        expect![[r#"
            错误: 没有“--grop”这个选项或参数，请删去或改正
                  是不是想写 --group？

            用法：tongpan solve --group <集团>

            各选项的说明见 --help。
            错误: 没有“sove”这个命令
                  是不是想写 serve、solve？

            用法：tongpan [选项] <命令>

            各选项的说明见 --help。
        "#]]
        .assert_eq(&both);
    }

    #[test]
    fn each_kind_of_fault_names_the_argument_and_the_mend() {
        let lines = [
            "day set 明天",
            "solve --seconds 多",
            "solve --seconds -1",
            "session postpone --weeks 70000 --from 2026-10-12 --until 2026-10-16 --reason 台风",
            "status --lang fr",
            "solve --group",
            "plan why",
            "session move x --to 2026-10-12T14:00",
            "solve --group a --group b",
            "solve --from 1 --replan",
            "status 多余",
        ];
        let all: String = lines.iter().map(|line| first(line)).collect();
        expect![[r#"
            错误: <日期> 不能写“明天”，请写成日期，如 2026-09-16
            错误: --seconds <秒数> 不能写“多”，请写整数
            错误: 没有“-1”这个选项或参数，请删去或改正
            错误: --weeks <周数> 不能写“70000”，请写0到65535之间的整数
            错误: --lang <语言> 不能写“fr”，可写：zh、en
            错误: --group <集团> 后面要写上内容
            错误: 缺少必须写的 <活动标识>
            错误: 缺少必须写的 --reason <原因>
            错误: --group <集团> 只能写一次
            错误: --from <方案> 不能与 --replan 同时使用，请只留一个
            错误: 没有“多余”这个选项或参数，请删去或改正
        "#]]
        .assert_eq(&all);
    }

    #[test]
    fn a_command_without_its_verb_lists_what_it_can_do() {
        expect![[r#"
            错误: 命令没有写完，还要写明做什么

            登记、列出、结束请假

            用法：tongpan absence [选项] <命令>

            命令:
              add   登记请假：这些天不再安排此人
              list  列出请假
              end   结束请假；最后一天早于第一天，则删去误登的记录

            共用选项:
                  --database <数据库>  数据库：sqlite:文件路径，或 postgres://用户@主机/库名 [环境变量：TONGPAN_DATABASE_URL] [默认：sqlite:tongpan.sqlite]
                  --district <区县>   区县名称；库中只有一个区县时可省略 [环境变量：TONGPAN_DISTRICT]
                  --as-of <日期>      以此日期（或“日期T时:分”）为“现在”，如 2026-08-24 [环境变量：TONGPAN_AS_OF]
              -h, --help            显示帮助
                  --json            以 JSON 输出，供程序读取
                  --lang <语言>       错误提示及信件的语言：zh 或 en [环境变量：TONGPAN_LANG] [默认：zh] [可写：zh, en]
        "#]]
        .assert_eq(&told("absence"));
    }

    #[test]
    fn help_is_chinese_throughout() {
        let read = in_chinese(Cli::command(), true).try_get_matches_from(["tongpan", "day", "set", "--help"]);
        let help = in_our_words(&read.expect_err("help").render().to_string());
        expect![[r#"
            设定某天：放假、考试、正常上课等；只对一所学校的，写 --school

            用法：tongpan day set [选项] <日期>

            参数:
              <日期>  日期，如 2026-09-16

            选项:
                  --kind <类型>       类型：放假、调休上班、考试、质量监测、活动、正常上课 [默认：放假]
                  --school <学校>     学校；默认为全县
                  --timetable <星期>  执行星期几的课表（1–7）
                  --name <说明>       说明，如“台风停课”

            共用选项:
                  --database <数据库>  数据库：sqlite:文件路径，或 postgres://用户@主机/库名 [环境变量：TONGPAN_DATABASE_URL] [默认：sqlite:tongpan.sqlite]
                  --district <区县>   区县名称；库中只有一个区县时可省略 [环境变量：TONGPAN_DISTRICT]
                  --as-of <日期>      以此日期（或“日期T时:分”）为“现在”，如 2026-08-24 [环境变量：TONGPAN_AS_OF]
                  --json            以 JSON 输出，供程序读取
              -h, --help            显示帮助
                  --lang <语言>       错误提示及信件的语言：zh 或 en [环境变量：TONGPAN_LANG] [默认：zh] [可写：zh, en]
        "#]]
        .assert_eq(&help);
    }
}
