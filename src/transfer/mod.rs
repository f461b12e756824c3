//! 导入导出: a county's workbook as tables, without the database.
//!
//! ```text
//! file or rows -> workbook (Table, Row, Cell) -> check, fields -> faults -> fault_book
//! sheets (the one description) -> template, write_tables
//! ```
//!
//! Nothing here fails by panicking: what is wrong with a workbook is data ([`fault::Fault`]), and one bad row
//! spoils no other.

pub mod book;
pub mod certificates;
pub mod check;
pub mod export;
pub mod fault;
pub mod fault_book;
pub mod fields;
mod heading;
pub mod import;
mod package;
pub mod papers;
pub mod policy;
pub mod sheets;
pub mod table;
pub mod template;
pub mod text;
pub mod workbook;

#[cfg(test)]
mod tests;
