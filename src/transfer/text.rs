//! Text as people type it, brought to one canonical form.
//!
//! Canonical: half-width letters and digits, full-width brackets （）, Chinese punctuation as it is, no invisible
//! characters, no stray spaces. Names typed on different machines then compare equal.

use unicode_normalization::UnicodeNormalization;

/// The longest text a cell may hold, in characters.
pub const MAX_CHARS: usize = 2_000;

/// The longest value that a message repeats, in characters.
pub const MAX_SHOWN: usize = 40;

/// Chinese punctuation that compatibility normalisation would turn into ASCII.
const KEPT: [char; 9] = ['，', '：', '；', '！', '？', '～', '…', '（', '）'];

/// A name, number or other single-line value: spaces beside Chinese characters go (`王　芳` is `王芳`), others
/// become one.
pub fn name(raw: &str) -> String {
    let text = canonical(raw);
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        let wide_edge =
            out.chars().next_back().is_some_and(is_wide) || word.chars().next().is_some_and(is_wide);
        if !out.is_empty() && !wide_edge {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Free text: lines stay lines, each without stray spaces; blank lines go.
pub fn prose(raw: &str) -> String {
    let text = canonical(raw);
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// What headings and sheet names are compared by: no spaces, no marks of a required column, lower case.
pub fn key(raw: &str) -> String {
    let text: String = canonical(raw)
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '*' | '※' | ':' | '：'))
        .flat_map(char::to_lowercase)
        .collect();
    let plain = ["（必填）", "（选填）"].iter().find_map(|mark| text.strip_suffix(mark));
    plain.map(str::to_owned).unwrap_or(text)
}

/// A value short enough for a message: cut at 40 characters with `…`, on one line.
pub fn shorten(value: &str) -> String {
    let mut chars = value.chars().map(|c| if c.is_control() { ' ' } else { c });
    let start: String = chars.by_ref().take(MAX_SHOWN).collect();
    if chars.next().is_some() { format!("{start}…") } else { start }
}

/// Width, brackets and invisible characters; spaces are left to the caller.
fn canonical(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for part in raw.split_inclusive(KEPT) {
        let kept = part.chars().next_back().filter(|c| KEPT.contains(c));
        let plain = kept.map_or(part, |c| &part[..part.len() - c.len_utf8()]);
        out.extend(plain.nfkc().filter(|&c| !is_invisible(c)).map(widen_bracket));
        out.extend(kept);
    }
    out
}

fn widen_bracket(c: char) -> char {
    match c {
        '(' => '（',
        ')' => '）',
        other => other,
    }
}

/// Characters that come along with copied text and that nobody can see.
fn is_invisible(c: char) -> bool {
    let layout =
        matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}');
    let broken = matches!(c, '\u{feff}' | '\u{fffe}' | '\u{ffff}' | '\u{fffd}');
    layout || broken || (c.is_control() && !c.is_whitespace())
}

/// Characters that are written without spaces around them.
fn is_wide(c: char) -> bool {
    matches!(c, '\u{2e80}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}' | '\u{20000}'..='\u{3ffff}')
        || c == '…'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_typed_differently_compare_equal() {
        for typed in ["一年级(1)班", " 一年级（１）班", "一年级 （ 1 ） 班\u{200b}", "一年级⑴班"]
        {
            assert_eq!(name(typed), "一年级（1）班", "{typed}");
        }
        assert_eq!(name("王　芳"), "王芳");
        assert_eq!(name("Room  2\u{a0}b"), "Room 2 b");
    }

    #[test]
    fn chinese_punctuation_stays() {
        assert_eq!(
            prose("各园半数教师，轮流参加： ＡＢ\r\n\n 第二行 "),
            "各园半数教师，轮流参加： AB\n第二行"
        );
    }

    #[test]
    fn headings_lose_marks_and_spaces() {
        assert_eq!(key(" *时长\n(分钟) "), "时长（分钟）");
        assert_eq!(key("姓名（必填）"), "姓名");
    }

    #[test]
    fn long_values_are_cut() {
        assert_eq!(shorten(&"长".repeat(50)), format!("{}…", "长".repeat(40)));
        assert_eq!(shorten("a\nb"), "a b");
    }
}
