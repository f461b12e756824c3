use expect_test::{Expect, expect};

use super::*;

/// What is said of a file that cannot be read at all.
fn refused(name: &str, bytes: &[u8], expected: Expect) {
    let fault = Workbook::from_bytes(name, bytes).map(|_| ()).unwrap_err();
    expected.assert_eq(&format!("{fault}\n{}\n", fault.english()));
}

/// An archive that holds empty files of these names; sizes are what the directory claims.
fn archive(entries: &[(&str, u32)]) -> Vec<u8> {
    let mut directory = Vec::new();
    for (name, size) in entries {
        directory.extend(b"PK\x01\x02");
        directory.extend([0; 20]);
        directory.extend(size.to_le_bytes());
        directory.extend((name.len() as u16).to_le_bytes());
        directory.extend([0; 16]);
        directory.extend(name.as_bytes());
    }
    let mut bytes = b"PK\x03\x04".to_vec();
    let count = (entries.len() as u16).to_le_bytes();
    let (size, start) = ((directory.len() as u32).to_le_bytes(), (bytes.len() as u32).to_le_bytes());
    bytes.extend(directory);
    bytes.extend(b"PK\x05\x06\0\0\0\0");
    bytes.extend(count.into_iter().chain(count).chain(size).chain(start));
    bytes.extend([0, 0]);
    bytes
}

#[test]
fn the_wrong_type_of_file_is_named() {
    let ole = [0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1];
    let locked: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    refused(
        "空.xlsx",
        b"",
        expect![[r#"
        空.xlsx：文件是空的（0字节），请重新导出或另存为 .xlsx 后再导入
        空.xlsx: the file is empty (0 bytes); export it again or save it as .xlsx
    "#]],
    );
    refused(
        "名单.xls",
        &[&ole[..], &[0; 600]].concat(),
        expect![[r#"
        名单.xls：这是旧版表格（.xls 或 .et），请在 Excel 或 WPS 中另存为 .xlsx 再导入
        名单.xls: this is an old workbook (.xls or .et); save it as .xlsx in Excel or WPS and import that
    "#]],
    );
    refused(
        "加密.xlsx",
        &[&ole[..], &[0; 600], &locked].concat(),
        expect![[r#"
        加密.xlsx：文件设有打开密码，请在 Excel 或 WPS 中取消密码后另存为 .xlsx 再导入
        加密.xlsx: the file has a password; remove it in Excel or WPS, save it as .xlsx and import that
    "#]],
    );
    refused(
        "名单.csv",
        "工号,姓名\n1,王芳\n".as_bytes(),
        expect![[r#"
        名单.csv：这是文本文件（如 .csv），不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 再导入
        名单.csv: this is a text file (such as .csv), not an .xlsx workbook; save it as .xlsx in Excel or WPS and import that
    "#]],
    );
    refused(
        "名单.pdf",
        b"%PDF-1.7\n\0\0",
        expect![[r#"
            名单.pdf：这是 PDF 文件，不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 再导入
            名单.pdf: this is a PDF, not an .xlsx workbook; save it as .xlsx in Excel or WPS and import that
        "#]],
    );
    refused(
        "名单.xls",
        b"<html><body><table></table>",
        expect![[r#"
        名单.xls：这是网页格式的表格，不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 再导入
        名单.xls: this is a web page, not an .xlsx workbook; save it as .xlsx in Excel or WPS and import that
    "#]],
    );
    refused(
        "照片.xlsx",
        b"\x89PNG\r\n\x1a\n\0\0",
        expect![[r#"
        照片.xlsx：这是图片，不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 再导入
        照片.xlsx: this is a picture, not an .xlsx workbook; save it as .xlsx in Excel or WPS and import that
    "#]],
    );
    refused(
        "未知.xlsx",
        &[1, 2, 0, 4],
        expect![[r#"
        未知.xlsx：这是无法识别的文件，不是 .xlsx 工作簿，请用 Excel 或 WPS 另存为 .xlsx 再导入
        未知.xlsx: this is an unknown type of file, not an .xlsx workbook; save it as .xlsx in Excel or WPS and import that
    "#]],
    );
    refused(
        "通知.docx",
        &archive(&[("word/document.xml", 9)]),
        expect![[r#"
            通知.docx：这是 Word 文档，不是 .xlsx 工作簿，请另存为 .xlsx 再导入
            通知.docx: this is a Word document, not an .xlsx workbook; save it as .xlsx and import that
        "#]],
    );
    refused(
        "名单.ods",
        &archive(&[("mimetype", 9), ("content.xml", 9)]),
        expect![[r#"
            名单.ods：这是 OpenDocument 表格（.ods），不是 .xlsx 工作簿，请另存为 .xlsx 再导入
            名单.ods: this is an OpenDocument file (.ods), not an .xlsx workbook; save it as .xlsx and import that
        "#]],
    );
    refused(
        "名单.xlsb",
        &archive(&[("xl/workbook.bin", 9)]),
        expect![[r#"
        名单.xlsb：这是二进制工作簿（.xlsb），不是 .xlsx 工作簿，请另存为 .xlsx 再导入
        名单.xlsb: this is a binary workbook (.xlsb), not an .xlsx workbook; save it as .xlsx and import that
    "#]],
    );
    refused(
        "照片.zip",
        &archive(&[("a.jpg", 9)]),
        expect![[r#"
        照片.zip：这是压缩包，不是 .xlsx 工作簿，请另存为 .xlsx 再导入
        照片.zip: this is an archive, not an .xlsx workbook; save it as .xlsx and import that
    "#]],
    );
}

#[test]
fn a_file_that_would_unpack_to_too_much_is_refused() {
    let bomb = archive(&[("xl/workbook.xml", 9), ("xl/sharedStrings.xml", 2_000_000_000)]);
    refused(
        "大.xlsx",
        &bomb,
        expect![[r#"
        大.xlsx：文件展开后有1907MB，超过300MB，请删去多余的内容或分成几个文件导入
        大.xlsx: the file unpacks to 1907 MB, more than 300 MB; remove what is not needed, or import it in parts
    "#]],
    );
    refused(
        "大.xlsx",
        &vec![b'x'; 50 * 1024 * 1024 + 1],
        expect![[r#"
        大.xlsx：文件超过50MB，请删去图片和无关的工作表，或分成几个文件导入
        大.xlsx: the file is larger than 50 MB; remove pictures and unrelated sheets, or import it in parts
    "#]],
    );
}

#[test]
fn a_damaged_workbook_is_refused() {
    let sound = book("教师", |sheet| rows(sheet, 0, &[&["工号"], &["LC1"]]));
    refused(
        "坏.xlsx",
        &sound[..sound.len() - 40],
        expect![[r#"
        坏.xlsx：文件已损坏，无法读取，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入
        坏.xlsx: the file is damaged; open it in Excel or WPS, save it as .xlsx and import that
    "#]],
    );
    refused(
        "坏.xlsx",
        &archive(&[("xl/workbook.xml", 9)]),
        expect![[r#"
        坏.xlsx：文件已损坏，无法读取，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入
        坏.xlsx: the file is damaged; open it in Excel or WPS, save it as .xlsx and import that
    "#]],
    );
    refused(
        "坏.xlsx",
        b"PK\x03\x04",
        expect![[r#"
        坏.xlsx：文件已损坏，无法读取，请用 Excel 或 WPS 打开后另存为 .xlsx 再导入
        坏.xlsx: the file is damaged; open it in Excel or WPS, save it as .xlsx and import that
    "#]],
    );
}

#[test]
fn no_damage_brings_the_reader_down() {
    let sound = book("教师", |sheet| rows(sheet, 0, &[&["工号", "姓名"], &["LC1", "王芳"]]));
    for at in (0..sound.len()).step_by(7) {
        let mut bytes = sound.clone();
        bytes[at] ^= 0xff;
        let _ = Workbook::from_bytes("坏.xlsx", &bytes);
        let _ = Workbook::from_bytes("坏.xlsx", &sound[..at]);
    }
}

#[test]
fn a_workbook_without_any_known_sheet_is_refused() {
    let bytes = book("Sheet1", |sheet| rows(sheet, 0, &[&["工号"]]));
    refused(
        "名单.xlsx",
        &bytes,
        expect![[r#"
        名单.xlsx：没有一张认识的工作表（现有：Sheet1），请按模板命名：学校、集团、教师、教研员、集团负责人、责任督学、名师工作室、作息时间、课表、走教、场地、路程、校历、教研计划、学科余缺、轮岗志愿、轮岗政策
        名单.xlsx: no sheet of the template was found (there are: Sheet1); name them 学校、集团、教师、教研员、集团负责人、责任督学、名师工作室、作息时间、课表、走教、场地、路程、校历、教研计划、学科余缺、轮岗志愿、轮岗政策
    "#]],
    );
}

#[test]
fn a_missing_file_and_a_folder_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let said = |path: &std::path::Path| Workbook::open(path).map(|_| ()).unwrap_err().message.zh;
    assert_eq!(said(&folder.path().join("没有.xlsx")), "找不到这个文件，请核对路径和文件名");
    assert!(said(folder.path()).starts_with("无法读取文件"));
}
