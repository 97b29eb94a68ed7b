//! The file cut into blocks: block n of a transfer as bytes, again and again if need be,
//! without keeping more than one block in memory.
//!
//! In octet mode a block's place follows from its number. In netascii (RFC 1350 section 1, RFC
//! 764: LF becomes CR LF, CR becomes CR NUL) it does not, so the start of each block that may
//! still be asked for is remembered; and a pair may be cut in two by the end of a block.

use std::collections::VecDeque;
use std::io;

use crate::request::Mode;
use crate::source::Content;

/// Where a netascii block begins.
#[derive(Debug, Clone, Copy, Default)]
struct Mark {
    /// The first byte of the file that is not yet converted.
    offset: u64,
    /// The second half of a pair that the block before has begun.
    pending: Option<u8>,
}

/// The blocks of one file.
pub(super) struct Blocks {
    content: Box<dyn Content>,
    total: u64,
    block_size: usize,
    conversion: Conversion,
}

enum Conversion {
    Octet,
    Netascii {
        /// The number of the first block that has a mark.
        first: u64,
        /// The starts of the blocks from `first` on.
        marks: VecDeque<Mark>,
        /// The last block, once it was made.
        last: Option<u64>,
        /// Bytes of the file before conversion.
        scratch: Vec<u8>,
    },
}

impl Blocks {
    pub(super) fn new(content: Box<dyn Content>, mode: Mode, block_size: u16) -> Self {
        let total = content.len();
        let block_size = usize::from(block_size);
        let conversion = match mode {
            Mode::Octet => Conversion::Octet,
            Mode::Netascii => Conversion::Netascii {
                first: 1,
                marks: VecDeque::from([Mark::default()]),
                last: None,
                scratch: Vec::new(),
            },
        };
        Self { content, total, block_size, conversion }
    }

    /// Back to the first block.
    pub(super) fn rewind(&mut self) {
        if let Conversion::Netascii { first, marks, last, .. } = &mut self.conversion {
            *first = 1;
            *last = None;
            marks.clear();
            marks.push_back(Mark::default());
        }
    }

    /// The file's length in bytes.
    pub(super) fn total(&self) -> u64 {
        self.total
    }

    /// Bytes in every block but the last.
    pub(super) fn block_size(&self) -> usize {
        self.block_size
    }

    /// The number of the last block, as far as it is known. It is shorter than the others, and
    /// empty when the file is an exact multiple (RFC 1350 section 6).
    pub(super) fn last(&self) -> Option<u64> {
        match &self.conversion {
            Conversion::Octet => Some(self.total / self.block_size as u64 + 1),
            Conversion::Netascii { last, .. } => *last,
        }
    }

    /// Bytes of the file in the blocks up to this one, which was acknowledged: what lies before
    /// it will not be asked for again.
    pub(super) fn acknowledged(&mut self, block: u64) -> u64 {
        match &mut self.conversion {
            Conversion::Octet => block.saturating_mul(self.block_size as u64).min(self.total),
            Conversion::Netascii { first, marks, last, .. } => {
                if *last == Some(block) {
                    return self.total;
                }
                while *first <= block && marks.len() > 1 {
                    marks.pop_front();
                    *first += 1;
                }
                marks.front().map_or(0, |mark| mark.offset)
            }
        }
    }

    /// Writes a block and gives its length. Blocks are made in order; those since the last
    /// acknowledged one can be made again.
    pub(super) fn read(&mut self, block: u64, buffer: &mut [u8]) -> io::Result<usize> {
        debug_assert_eq!(buffer.len(), self.block_size);
        match &mut self.conversion {
            Conversion::Octet => {
                let offset = (block - 1) * self.block_size as u64;
                let left = self.total.saturating_sub(offset);
                let count = usize::try_from(left).unwrap_or(usize::MAX).min(buffer.len());
                read_whole(&mut *self.content, offset, &mut buffer[..count])?;
                Ok(count)
            }
            Conversion::Netascii { first, marks, last, scratch } => {
                let index = block.checked_sub(*first).and_then(|index| usize::try_from(index).ok());
                let start = index.and_then(|index| marks.get(index).copied());
                let (Some(index), Some(start)) = (index, start) else {
                    return Err(io::Error::other("a block was asked for out of order"));
                };
                scratch.resize(buffer.len(), 0);
                let (count, next) = convert(&mut *self.content, self.total, start, scratch, buffer)?;
                if count < buffer.len() {
                    *last = Some(block);
                } else if marks.len() == index + 1 {
                    marks.push_back(next);
                }
                Ok(count)
            }
        }
    }
}

/// Fills the buffer from the content, or fails: the file must not get shorter on the way.
fn read_whole(content: &mut dyn Content, offset: u64, buffer: &mut [u8]) -> io::Result<()> {
    let mut done = 0;
    while done < buffer.len() {
        match content.read_at(offset + done as u64, &mut buffer[done..]) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the file shrank")),
            Ok(count) => done += count.min(buffer.len() - done),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Converts from `start` until the buffer is full or the file ends.
fn convert(
    content: &mut dyn Content,
    total: u64,
    start: Mark,
    scratch: &mut [u8],
    buffer: &mut [u8],
) -> io::Result<(usize, Mark)> {
    let left = usize::try_from(total.saturating_sub(start.offset)).unwrap_or(usize::MAX);
    // A block never takes more of the file than it has bytes.
    let source = &mut scratch[..left.min(buffer.len())];
    read_whole(content, start.offset, source)?;
    let mut mark = start;
    let mut filled = 0;
    let mut source = source.iter();
    while filled < buffer.len() {
        if let Some(byte) = mark.pending.take() {
            buffer[filled] = byte;
        } else if let Some(&byte) = source.next() {
            mark.offset += 1;
            (buffer[filled], mark.pending) = match byte {
                b'\n' => (b'\r', Some(b'\n')),
                b'\r' => (b'\r', Some(0)),
                other => (other, None),
            };
        } else {
            break;
        }
        filled += 1;
    }
    Ok((filled, mark))
}
