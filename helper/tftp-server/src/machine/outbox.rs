//! Datagrams on their way out, end to end in one buffer: made without an allocation per packet
//! and ready for a send call that takes several at once (UDP_SEGMENT).

use std::io;

/// Most bytes that one batch holds: the largest UDP payload over IPv4, since the kernel treats
/// a batch as one large datagram until it is cut.
const BATCH_BYTES: usize = 65_507;
/// Most datagrams in one batch: Linux refuses more (`UDP_MAX_SEGMENTS` is 64 before 6.9).
const BATCH_DATAGRAMS: usize = 64;

/// A batch of datagrams for one peer.
#[derive(Debug, Default)]
pub struct Outbox {
    bytes: Vec<u8>,
    /// Where each datagram ends.
    ends: Vec<usize>,
}

impl Outbox {
    /// An empty batch.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Forgets the datagrams and keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    /// Whether there is nothing to send.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// The datagrams one by one.
    pub fn datagrams(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| &self.bytes[start..end])
    }

    /// All datagrams end to end and the length of each, when they are all of one length (the
    /// last one may be shorter): what UDP_SEGMENT takes.
    #[must_use]
    pub fn segments(&self) -> Option<(&[u8], usize)> {
        let segment = *self.ends.first()?;
        let (last, full) = self.ends.split_last()?;
        let even = full.iter().enumerate().all(|(index, &end)| end == segment * (index + 1));
        let rest = last - full.last().copied().unwrap_or(0);
        (even && rest <= segment && rest > 0).then_some((&self.bytes, segment))
    }

    /// Whether another datagram of this length fits into the batch. An empty one takes any.
    pub(crate) fn has_room(&self, length: usize) -> bool {
        self.is_empty() || (self.bytes.len() + length <= BATCH_BYTES && self.ends.len() < BATCH_DATAGRAMS)
    }

    /// Adds a datagram.
    pub(crate) fn push(&mut self, datagram: &[u8]) {
        self.bytes.extend_from_slice(datagram);
        self.ends.push(self.bytes.len());
    }

    /// Adds a datagram of this header and up to `room` bytes that `fill` writes; `fill` says
    /// how many. On an error nothing is added.
    pub(crate) fn push_filled(
        &mut self,
        header: &[u8],
        room: usize,
        fill: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<usize> {
        let start = self.bytes.len();
        self.bytes.extend_from_slice(header);
        let body = self.bytes.len();
        self.bytes.resize(body + room, 0);
        match fill(&mut self.bytes[body..]) {
            Ok(count) => {
                self.bytes.truncate(body + count);
                self.ends.push(self.bytes.len());
                Ok(count)
            }
            Err(error) => {
                self.bytes.truncate(start);
                Err(error)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_datagrams_of_one_length_with_a_shorter_last_one_can_leave_in_one_call() {
        let segments = |lengths: &[usize]| {
            let mut outbox = Outbox::new();
            for &length in lengths {
                outbox.push(&vec![7; length]);
            }
            assert_eq!(outbox.datagrams().map(<[u8]>::len).collect::<Vec<_>>(), lengths);
            outbox.segments().map(|(bytes, segment)| (bytes.len(), segment))
        };
        assert_eq!(segments(&[]), None);
        assert_eq!(segments(&[516]), Some((516, 516)));
        assert_eq!(segments(&[516, 516, 516]), Some((1548, 516)));
        assert_eq!(segments(&[516, 516, 4]), Some((1036, 516)));
        assert_eq!(segments(&[516, 4, 516]), None);
        assert_eq!(segments(&[4, 516]), None);
        assert_eq!(segments(&[516, 0]), None, "an empty datagram would not be sent");
    }

    #[test]
    fn a_batch_is_no_larger_than_the_kernel_takes() {
        let mut outbox = Outbox::new();
        assert!(outbox.has_room(1 << 20), "an empty one takes any");
        for _ in 0..BATCH_DATAGRAMS {
            assert!(outbox.has_room(516));
            outbox.push(&[0; 516]);
        }
        assert!(!outbox.has_room(4));
        outbox.clear();
        outbox.push(&[0; 60_000]);
        assert!(outbox.has_room(5507));
        assert!(!outbox.has_room(5508));
    }
}
