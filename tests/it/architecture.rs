//! Imports run one way: from a room to the rooms below it.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms of `src/`, from the top down. A room may use those in its own row and in the rows below, never those above.
const ROWS: &[&[&str]] = &[
    &["cli", "http"],
    &["schema", "transfer", "demo"],
    &["reports"],
    &["plans"],
    &["sessions", "rotations"],
    &["calendar"],
    &["people"],
    &["groups"],
    &["mail", "jobs"],
    &["graphql"],
    &["access", "audit", "rows", "scope"],
    &["entity"],
    &["error", "clock", "config", "id", "database"],
];

/// Files of no room: they only name the rooms.
const DOORS: &[&str] = &["main", "lib"];

fn row_of(room: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&room))
}

/// The room a file belongs to: the first step of its path below `src/`.
fn room_of(file: &Path) -> String {
    let first = file.strip_prefix("src").ok().and_then(|path| path.iter().next()).expect("a file below src/");
    Path::new(first).file_stem().expect("a name").to_string_lossy().into_owned()
}

/// A room that a source names after `crate::`.
struct Import {
    line: usize,
    room: String,
    /// Whether it is the room's API that is named: `crate::people::graphql`.
    api: bool,
}

/// The rooms that `source` names.
fn imports(source: &str) -> Vec<Import> {
    let code: Vec<&str> = source.lines().map(|line| line.split("//").next().unwrap_or_default()).collect();
    let code = code.join("\n");
    let mut found = Vec::new();
    for (position, marker) in code.match_indices("crate::") {
        let start = position + marker.len();
        for offset in heads(&code[start..]) {
            let at = &code[start + offset..];
            let room: String = at.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            let api = at[room.len()..].starts_with("::graphql");
            found.push(Import { line: code[..start + offset].matches('\n').count() + 1, room, api });
        }
    }
    found
}

/// Where the names begin that follow `crate::`: one, or each at the first level of a braced list.
fn heads(after: &str) -> Vec<usize> {
    if !after.starts_with('{') {
        return vec![0];
    }
    let (mut depth, mut expected, mut heads) = (0, true, Vec::new());
    for (offset, c) in after.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => expected = true,
            c if depth == 1 && expected && !c.is_whitespace() => {
                heads.push(offset);
                expected = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    heads
}

/// Whether a file belongs to the API of its room. The types of the API name each other in both directions (a school its teachers,
/// a teacher her school), as the graph does; the operations they call still lie below.
fn is_api(file: &Path) -> bool {
    file.iter().skip(2).any(|step| step == "graphql" || step == "graphql.rs")
}

/// What is wrong with the imports of one file, a line for each.
fn faults(file: &Path, source: &str) -> Vec<String> {
    let room = room_of(file);
    if DOORS.contains(&room.as_str()) {
        return Vec::new();
    }
    let Some(row) = row_of(&room) else {
        return vec![format!("{}: {room} has no row in the table of {}", file.display(), file!())];
    };
    let fault = |Import { line, room: other, api }: Import| match row_of(&other) {
        Some(below) if below >= row || (api && is_api(file)) => None,
        Some(_) => {
            Some(format!("{}:{line}: {room} may not use {other}, which lies above it", file.display()))
        }
        None => Some(format!("{}:{line}: {other} is not a room of the table in {}", file.display(), file!())),
    };
    imports(source).into_iter().filter_map(fault).collect()
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

#[test]
fn rooms_use_only_what_lies_below_them() {
    let mut wrong = Vec::new();
    // What only tests use may stand on anything.
    let shipped = |file: &PathBuf| {
        !file.iter().any(|step| step == "tests" || step == "tests.rs" || step == "testing.rs")
    };
    for file in rust_files(Path::new("src")).into_iter().filter(shipped) {
        wrong.extend(faults(&file, &fs::read_to_string(&file).expect("a source file")));
    }
    assert!(wrong.is_empty(), "imports run downwards only:\n{}", wrong.join("\n"));
}

#[test]
fn types_of_the_api_may_name_each_other_but_not_operations_above() {
    let source = "use crate::plans::graphql::Plan;\nuse crate::plans::publish;\n";
    let upwards = "src/people/graphql/teacher.rs:2: people may not use plans, which lies above it";
    assert_eq!(faults(Path::new("src/people/graphql/teacher.rs"), source), [upwards]);
    assert_eq!(faults(Path::new("src/people/roster.rs"), source).len(), 2);
}

#[test]
fn an_import_that_runs_upwards_is_named_with_its_file_and_line() {
    let source = "\
//! Below crate::cli, says the comment.
use std::fmt;
use crate::error::{Error, Result};
use crate::{
    clock::{self, Clock},
    plans::{publish, diff},
};
fn help() { crate::cli::help() }
pub(crate) fn odd() { crate::attic::open() }
";
    assert_eq!(
        faults(Path::new("src/people/mod.rs"), source),
        [
            "src/people/mod.rs:6: people may not use plans, which lies above it",
            "src/people/mod.rs:8: people may not use cli, which lies above it",
            "src/people/mod.rs:9: attic is not a room of the table in tests/it/architecture.rs",
        ]
    );
    assert_eq!(faults(Path::new("src/cli/help.rs"), &source.replace("attic", "entity")), [""; 0]);
    assert_eq!(
        faults(Path::new("src/attic.rs"), ""),
        ["src/attic.rs: attic has no row in the table of tests/it/architecture.rs"]
    );
}
