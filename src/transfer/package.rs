//! Whether bytes are a workbook that may be opened: the type of file and the size it would unpack to.

mod unpack;

use super::fault::Bilingual;

/// The largest file that is read, in bytes.
pub const MAX_FILE: u64 = 50 * 1024 * 1024;

/// The largest sum of unpacked sizes, in bytes.
pub const MAX_UNPACKED: u64 = 300 * 1024 * 1024;

const OLE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
const DIRECTORY_ENTRY: u32 = 0x0201_4b50;
const DIRECTORY_END: &[u8] = b"PK\x05\x06";

/// Refuses what is not an .xlsx of bearable size, with what to do.
pub fn admit(bytes: &[u8]) -> Result<(), Bilingual> {
    if bytes.is_empty() {
        return Err(Bilingual::new(
            "文件是空的（0字节），请重新导出或另存为 .xlsx 后再导入",
            "the file is empty (0 bytes); export it again or save it as .xlsx",
        ));
    }
    if bytes.len() as u64 > MAX_FILE {
        return Err(too_large());
    }
    if bytes.starts_with(OLE) {
        return Err(ole(bytes));
    }
    if bytes.starts_with(b"PK") {
        admit_zip(&entries(bytes).ok_or_else(damaged)?)?;
        return unpack::admit(bytes);
    }
    Err(foreign(bytes))
}

/// The message for a file over the limit.
pub fn too_large() -> Bilingual {
    Bilingual::new(
        "文件超过50MB，请删去图片和无关的工作表，或分成几个文件导入",
        "the file is larger than 50 MB; remove pictures and unrelated sheets, or import it in parts",
    )
}

/// The message for a file that looks right but cannot be read.
pub fn damaged() -> Bilingual {
    Bilingual::new(
        "文件已损坏，无法读取，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入",
        "the file is damaged; open it in Excel or WPS, save it as .xlsx and import that",
    )
}

/// A file of the old compound format: an encrypted .xlsx, an .xls, a WPS .et.
fn ole(bytes: &[u8]) -> Bilingual {
    let mark: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    if bytes.windows(mark.len()).any(|window| window == mark) {
        return Bilingual::new(
            "文件设有打开密码，请在 Excel 或 WPS 中取消密码后另存为 .xlsx 再导入",
            "the file has a password; remove it in Excel or WPS, save it as .xlsx and import that",
        );
    }
    Bilingual::new(
        "这是旧版表格（.xls 或 .et），请在 Excel 或 WPS 中另存为 .xlsx 再导入",
        "this is an old workbook (.xls or .et); save it as .xlsx in Excel or WPS and import that",
    )
}

/// A file that is neither a zip archive nor a compound file.
fn foreign(bytes: &[u8]) -> Bilingual {
    let start = &bytes[..bytes.len().min(4096)];
    let lower = String::from_utf8_lossy(start).to_lowercase();
    let (zh, en) = if start.starts_with(b"%PDF") {
        (" PDF 文件", "a PDF")
    } else if start.starts_with(b"\x89PNG") || start.starts_with(&[0xff, 0xd8, 0xff]) {
        ("图片", "a picture")
    } else if lower.contains("<html") || lower.contains("<table") || lower.contains("<?xml") {
        ("网页格式的表格", "a web page")
    } else if !start.contains(&0) || start.starts_with(&[0xff, 0xfe]) {
        ("文本文件（如 .csv）", "a text file (such as .csv)")
    } else {
        ("无法识别的文件", "an unknown type of file")
    };
    Bilingual::new(
        format!("这是{zh}，不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 再导入"),
        format!("this is {en}, not an .xlsx workbook; save it as .xlsx in Excel or WPS and import that"),
    )
}

/// One entry of a zip archive's directory.
struct Entry {
    name: String,
    unpacked: u64,
    encrypted: bool,
}

fn admit_zip(entries: &[Entry]) -> Result<(), Bilingual> {
    let unpacked = entries.iter().fold(0_u64, |sum, entry| sum.saturating_add(entry.unpacked));
    if unpacked > MAX_UNPACKED {
        return Err(unpacks_to(unpacked));
    }
    let has = |part: &str| entries.iter().any(|entry| entry.name.starts_with(part));
    if entries.iter().any(|entry| entry.encrypted) {
        return Err(other_zip("加密的压缩包", "an encrypted archive"));
    }
    match () {
        () if has("xl/workbook.bin") => Err(other_zip("二进制工作簿（.xlsb）", "a binary workbook (.xlsb)")),
        () if has("xl/") => Ok(()),
        () if has("word/") => Err(other_zip(" Word 文档", "a Word document")),
        () if has("ppt/") => Err(other_zip("演示文稿", "a presentation")),
        () if has("content.xml") => {
            Err(other_zip(" OpenDocument 表格（.ods）", "an OpenDocument file (.ods)"))
        }
        () => Err(other_zip("压缩包", "an archive")),
    }
}

fn unpacks_to(bytes: u64) -> Bilingual {
    let size = bytes / (1024 * 1024);
    Bilingual::new(
        format!("文件展开后有{size}MB，超过300MB，请删去多余的内容或分成几个文件导入"),
        format!(
            "the file unpacks to {size} MB, more than 300 MB; remove what is not needed, or import it in parts"
        ),
    )
}

fn other_zip(zh: &str, en: &str) -> Bilingual {
    Bilingual::new(
        format!("这是{zh}，不是 .xlsx 工作簿，请另存为 .xlsx 再导入"),
        format!("this is {en}, not an .xlsx workbook; save it as .xlsx and import that"),
    )
}

/// The directory of a zip archive; none when it cannot be found or is cut short.
fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    // The end record is followed by a comment of at most 65,535 bytes.
    let from = bytes.len().saturating_sub(22 + 65_535);
    let end = from + bytes[from..].windows(4).rposition(|window| window == DIRECTORY_END)?;
    let (mut at, mut left) = directory(bytes, end)?;
    let mut entries = Vec::new();
    while left > 0 {
        let (entry, next) = entry(bytes, at)?;
        entries.push(entry);
        at = next;
        left -= 1;
    }
    Some(entries)
}

/// Where the directory starts and how many entries it has; large archives keep both in a record of their own.
fn directory(bytes: &[u8], end: usize) -> Option<(usize, u64)> {
    let (count, start) = (u64::from(u16_at(bytes, end + 10)?), u64::from(u32_at(bytes, end + 16)?));
    if count < 0xffff && start < 0xffff_ffff {
        return Some((usize::try_from(start).ok()?, count));
    }
    let record = usize::try_from(u64_at(bytes, end.checked_sub(20)? + 8)?).ok()?;
    let start = u64_at(bytes, record.checked_add(48)?)?;
    Some((usize::try_from(start).ok()?, u64_at(bytes, record.checked_add(32)?)?))
}

/// The entry at `at` and where the next one starts.
fn entry(bytes: &[u8], at: usize) -> Option<(Entry, usize)> {
    if u32_at(bytes, at)? != DIRECTORY_ENTRY {
        return None;
    }
    let name_len = usize::from(u16_at(bytes, at + 28)?);
    let extra_len = usize::from(u16_at(bytes, at + 30)?);
    let comment_len = usize::from(u16_at(bytes, at + 32)?);
    let name = bytes.get(at + 46..at + 46 + name_len)?;
    let extra = bytes.get(at + 46 + name_len..at + 46 + name_len + extra_len)?;
    let entry = Entry {
        name: String::from_utf8_lossy(name).replace('\\', "/").trim_start_matches('/').to_lowercase(),
        unpacked: unpacked_size(u32_at(bytes, at + 24)?, extra),
        encrypted: u16_at(bytes, at + 8)? & 1 == 1,
    };
    Some((entry, at + 46 + name_len + extra_len + comment_len))
}

/// The unpacked size, which entries over 4 GB keep in an extra field; unknown counts as too large.
fn unpacked_size(size: u32, mut extra: &[u8]) -> u64 {
    if size != u32::MAX {
        return u64::from(size);
    }
    while let (Some(id), Some(len)) = (u16_at(extra, 0), u16_at(extra, 2)) {
        if id == 1 {
            return u64_at(extra, 4).unwrap_or(u64::MAX);
        }
        extra = extra.get(4 + usize::from(len)..).unwrap_or_default();
    }
    u64::MAX
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(array_at(bytes, at)?))
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(array_at(bytes, at)?))
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    Some(u64::from_le_bytes(array_at(bytes, at)?))
}

fn array_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}
