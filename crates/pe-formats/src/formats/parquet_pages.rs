//! The sizes that a Parquet file states for its pages, looked at before anything is unpacked. A page is unpacked whole, and a few
//! bytes may unpack to gigabytes; so the headers of all pages are walked over, which costs a seek each, and a file with pages that
//! do not fit the memory is refused.
//!
//! A header is a struct in Thrift's compact protocol (parquet.thrift `PageHeader`; Thrift compact protocol specification): a
//! byte for each field with its type and the distance of its number from the last one, integers as zigzag varints.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};

use parquet::basic::CompressionCodec;
use parquet::file::metadata::{ColumnChunkMetaData, ParquetMetaData, RowGroupMetaData};

/// Bytes that the largest pages of all columns of a row group may have together, unpacked, and as they lie in the file. Writers
/// close a page at 1 MB, or at 100 MB (`DuckDB`), or behind one value.
const PAGES: u64 = 384 << 20;

/// So many bytes of gzip unpack to 17 MB at most (1,032 to 1, zlib's "Maximum Expansion Factor") and are not looked into.
const UNCHECKED: u64 = 16 << 10;

/// Structs and lists within one another in a header.
const DEPTH: u32 = 8;

/// A header states its type, two sizes and the count of values in two bytes each, and ends twice.
const SHORTEST: u64 = 10;

/// What there is of a column's pages in one row group.
#[derive(Default)]
struct Pages {
    /// Bytes of the largest, unpacked.
    unpacked: u64,
    /// Bytes of the largest, packed.
    packed: u64,
    /// Values of all.
    values: u64,
}

/// Refuses a file whose pages, or whose rows, can't be held in memory; a row may have `most_values` values in a column.
pub(super) fn check(file: &File, metadata: &ParquetMetaData, most_values: u64) -> Result<(), String> {
    let length = file.metadata().map_err(|error| error.to_string())?.len();
    let columns = metadata.row_groups().iter().flat_map(RowGroupMetaData::columns);
    let stated = columns.map(|column| column.byte_range().1).fold(0, u64::saturating_add);
    if stated > length {
        return Err("its columns are longer than the file; it is damaged".to_owned());
    }
    let mut input = BufReader::with_capacity(4096, file);
    for (number, group) in metadata.row_groups().iter().enumerate() {
        check_group(&mut input, number + 1, group, most_values)?;
    }
    Ok(())
}

fn check_group(
    input: &mut (impl BufRead + Seek),
    number: usize,
    group: &RowGroupMetaData,
    most_values: u64,
) -> Result<(), String> {
    let rows = group.num_rows().max(1) as u64;
    let mut sum = 0_u64;
    for column in group.columns() {
        let name = column.column_path().string();
        let pages = pages(input, column)
            .map_err(|error| format!("the pages of column {name} in row group {number}: {error}"))?;
        sum = sum.saturating_add(pages.unpacked).saturating_add(pages.packed);
        if sum > PAGES {
            return Err(format!(
                "row group {number} has pages of more than {} MB up to column {name}; write it with smaller pages or fewer columns",
                PAGES >> 20
            ));
        }
        if pages.values / rows > most_values {
            return Err(format!(
                "row group {number} has {} values in column {name} in {rows} rows; split the rows",
                pages.values
            ));
        }
    }
    Ok(())
}

/// Walks over the pages of a column chunk.
fn pages(input: &mut (impl BufRead + Seek), column: &ColumnChunkMetaData) -> io::Result<Pages> {
    let (start, length) = column.byte_range();
    let end = start.saturating_add(length);
    input.seek(SeekFrom::Start(start))?;
    let is_gzip = column.compression_codec() == CompressionCodec::GZIP;
    let mut at = start;
    let mut pages = Pages::default();
    while at < end {
        let mut header = Header { input, read: 0, fields: Fields::default() };
        header.structure(0, Level::Page)?;
        let Header { read, fields, .. } = header;
        if fields.packed == 0 && fields.unpacked == 0 && read < SHORTEST {
            return Err(wrong("no page header where one is due"));
        }
        pages.unpacked = pages.unpacked.max(fields.unpacked);
        pages.packed = pages.packed.max(fields.packed);
        pages.values = pages.values.saturating_add(fields.values);
        at = at.saturating_add(read).saturating_add(fields.packed);
        if is_gzip && fields.packed > UNCHECKED {
            check_gzip(input, &fields)?;
            input.seek(SeekFrom::Start(at))?;
        } else {
            input.seek_relative(i64::try_from(fields.packed).unwrap_or(i64::MAX))?;
        }
    }
    Ok(pages)
}

/// Unpacks the page that comes next, and lets go of it at once: the decoder of gzip, alone of all, unpacks what there is and not
/// what the header states.
fn check_gzip(input: &mut impl BufRead, fields: &Fields) -> io::Result<()> {
    // The levels of a page of the second version are not packed.
    io::copy(&mut (&mut *input).take(fields.levels), &mut io::sink())?;
    let packed = (&mut *input).take(fields.packed.saturating_sub(fields.levels));
    let stated = fields.unpacked.saturating_sub(fields.levels);
    let mut plain = flate2::bufread::MultiGzDecoder::new(packed).take(stated + 1);
    if io::copy(&mut plain, &mut io::sink())? > stated {
        return Err(wrong("a page unpacks to more than its header states"));
    }
    Ok(())
}

/// What is asked of a header.
#[derive(Default)]
struct Fields {
    /// Bytes of the levels that stand before the packed values.
    levels: u64,
    unpacked: u64,
    packed: u64,
    values: u64,
}

/// Which struct is read.
#[derive(Clone, Copy, PartialEq)]
enum Level {
    /// `PageHeader`.
    Page,
    /// `DataPageHeader` or `DataPageHeaderV2`; both begin with the number of values.
    Data,
    /// Any other.
    Other,
}

struct Header<'i, R> {
    input: &'i mut R,
    read: u64,
    fields: Fields,
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, what)
}

impl<R: BufRead> Header<'_, R> {
    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.input.read_exact(&mut byte)?;
        self.read += 1;
        Ok(byte[0])
    }

    fn varint(&mut self) -> io::Result<u64> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(wrong("a number of a page header is too long"))
    }

    /// A size: a zigzag varint that is not negative.
    fn size(&mut self) -> io::Result<u64> {
        let value = self.varint()?;
        if value & 1 == 1 { Err(wrong("a page header states a negative size")) } else { Ok(value >> 1) }
    }

    fn skip(&mut self, bytes: u64) -> io::Result<()> {
        if io::copy(&mut (&mut *self.input).take(bytes), &mut io::sink())? < bytes {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.read += bytes;
        Ok(())
    }

    fn structure(&mut self, depth: u32, level: Level) -> io::Result<()> {
        if depth > DEPTH {
            return Err(wrong("a page header is nested too deep"));
        }
        let mut field = 0_u64;
        loop {
            let head = self.byte()?;
            let kind = head & 0x0f;
            if kind == 0 {
                return Ok(());
            }
            field = match head >> 4 {
                0 => self.varint()? >> 1,
                distance => field + u64::from(distance),
            };
            match (level, field, kind) {
                (Level::Page, 2, 5) => self.fields.unpacked = self.size()?,
                (Level::Page, 3, 5) => self.fields.packed = self.size()?,
                (Level::Page, 5 | 8, 12) => self.structure(depth + 1, Level::Data)?,
                (Level::Data, 1, 5) => self.fields.values = self.size()?,
                // Of the second version alone; the first has no numbers there.
                (Level::Data, 5 | 6, 5) => {
                    self.fields.levels = self.fields.levels.saturating_add(self.size()?);
                }
                _ => self.value(kind, depth)?,
            }
        }
    }

    /// Passes over a value of a type.
    fn value(&mut self, kind: u8, depth: u32) -> io::Result<()> {
        match kind {
            // True and false are types.
            1 | 2 => Ok(()),
            3 => self.skip(1),
            4..=6 => self.varint().map(drop),
            7 => self.skip(8),
            8 => self.varint().and_then(|length| self.skip(length)),
            9 | 10 => self.list(depth),
            12 => self.structure(depth + 1, Level::Other),
            _ => Err(wrong("a page header holds what none has")),
        }
    }

    fn list(&mut self, depth: u32) -> io::Result<()> {
        let head = self.byte()?;
        let length = if head >> 4 == 0x0f { self.varint()? } else { u64::from(head >> 4) };
        for _ in 0..length {
            // In a list, a truth value is a byte.
            match head & 0x0f {
                1 | 2 => self.skip(1)?,
                _ if depth >= DEPTH => return Err(wrong("a page header is nested too deep")),
                kind => self.value(kind, depth + 1)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(bytes: &[u8]) -> io::Result<(u64, Fields)> {
        let mut input = bytes;
        let mut header = Header { input: &mut input, read: 0, fields: Fields::default() };
        header.structure(0, Level::Page)?;
        Ok((header.read, header.fields))
    }

    #[test]
    fn sizes_are_read_and_the_rest_is_passed_over() {
        // type 0, unpacked 300, packed 12, a checksum; data page header: 7 values, a truth value, a text of 2 bytes, a list of 2.
        let bytes = [
            0x15, 0, 0x15, 0xd8, 0x04, 0x15, 24, 0x15, 0x02, 0x1c, 0x15, 14, 0x11, 0x18, 2, 9, 9, 0x19, 0x25,
            2, 4, 0, 0, 99,
        ];
        let (read, fields) = header(&bytes).unwrap();
        assert_eq!((read, fields.unpacked, fields.packed, fields.values), (23, 300, 12, 7));
    }

    #[test]
    fn gzip_that_unpacks_to_more_than_stated_is_noticed() {
        let mut packed = flate2::write::GzEncoder::new(vec![9, 9, 9], flate2::Compression::fast());
        io::Write::write_all(&mut packed, &vec![0; 9 << 20]).unwrap();
        let packed = packed.finish().unwrap();
        let page = |unpacked| Fields { levels: 3, unpacked, packed: packed.len() as u64, values: 0 };
        assert!(check_gzip(&mut packed.as_slice(), &page((9 << 20) + 3)).is_ok());
        let error = check_gzip(&mut packed.as_slice(), &page(9 << 20)).unwrap_err().to_string();
        assert!(error.contains("more than its header states"), "{error}");
    }

    #[test]
    fn no_header_is_an_error_and_no_end() {
        for bytes in [
            &[0x15][..],
            &[0x15, 0, 0x15, 0x01],
            &[0x1d],
            &[0x18, 0xff, 0xff, 0xff, 0xff, 0x0f],
            &[0x19, 0xfc, 0xff, 0xff, 0xff, 0xff, 0x0f],
            &[0x1c; 100],
            &[0x16, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        ] {
            assert!(header(bytes).is_err(), "{bytes:?}");
        }
    }
}
