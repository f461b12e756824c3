//! Unpacking an archive once into nothing, to see what its directory may have concealed.

use std::io::{self, Cursor, Read};

use zip::ZipArchive;

use super::{MAX_UNPACKED, damaged, unpacks_to};
use crate::transfer::fault::Bilingual;

/// How much of a part is looked at for what it claims, in bytes.
const HEAD: u64 = 4_096;

/// Refuses archives that unpack to more than they claim, or that make the reader ask for too much memory.
pub fn admit(bytes: &[u8]) -> Result<(), Bilingual> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let mut left = MAX_UNPACKED;
    for at in 0..archive.len() {
        let part = archive.by_index(at).map_err(|_| damaged())?;
        let name = part.name_raw().to_ascii_lowercase();
        let (size, start) = unpack(part, left).map_err(|_| damaged())?;
        left = left.checked_sub(size).ok_or_else(|| unpacks_to(MAX_UNPACKED + 1_048_576))?;
        if name.ends_with(b"sharedstrings.xml") && claims_too_many(&start, size) {
            return Err(damaged());
        }
    }
    Ok(())
}

/// The size of a part, at most one more than `left`, and its start.
fn unpack(part: impl Read, left: u64) -> io::Result<(u64, Vec<u8>)> {
    let mut part = part.take(left + 1);
    let mut start = Vec::new();
    let read = (&mut part).take(HEAD).read_to_end(&mut start)?;
    let rest = io::copy(&mut part, &mut io::sink())?;
    Ok((read as u64 + rest, start))
}

/// Whether the table of strings claims more of them than its bytes can hold.
///
/// The reader sets memory aside for as many as it claims, and a process that asks for too much is ended: no error to
/// catch. A table whose first tag is not to be seen counts as one that hides its claim.
fn claims_too_many(start: &[u8], size: u64) -> bool {
    let start = String::from_utf8_lossy(start);
    let Some((before, tag)) = start.split_once("sst") else {
        return true;
    };
    let Some((tag, _)) = tag.split_once('>') else {
        return true;
    };
    let claim = |rest: &str| {
        let number = rest.trim_start_matches(|c: char| !c.is_ascii_digit());
        let digits: String = number.chars().take_while(char::is_ascii_digit).collect();
        digits.is_empty() || digits.parse::<u64>().is_ok_and(|claim| claim <= size / 5 + 1)
    };
    // The shortest string is `<si/>`. Comments before the tag could hold another one.
    before.contains("<!") || !tag.split("uniqueCount").skip(1).all(claim)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_strings_may_not_claim_more_than_it_holds() {
        let claim = |count: &str| format!("<sst count=\"1\" uniqueCount=\"{count}\"><si><t>a</t></si></sst>");
        assert!(!claims_too_many(claim("1").as_bytes(), 60));
        assert!(!claims_too_many(b"<sst><si><t>a</t></si></sst>", 30));
        assert!(claims_too_many(claim("9999999999999").as_bytes(), 60));
        assert!(claims_too_many(format!("<!-- <sst> -->{}", claim("1")).as_bytes(), 60));
        assert!(claims_too_many(" ".repeat(4_096).as_bytes(), 9_000));
        assert!(claims_too_many(claim("99999999999999999999999").as_bytes(), 60));
    }

    #[test]
    fn unpacking_stops_at_the_limit() {
        let (size, start) = unpack(io::repeat(0), 10_000).unwrap_or_default();
        assert_eq!((size, start.len()), (10_001, 4_096));
    }
}
