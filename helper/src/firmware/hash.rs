//! The sums of a file (FIPS 180-4): sha1, for that is what published lists have, and sha256, by
//! which the helper keeps it.

use std::io::{self, Read};

use sha1::Sha1;
use sha2::{Digest, Sha256};

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

/// sha1 in hex.
pub(super) fn sha1(bytes: &[u8]) -> String {
    hex(&Sha1::digest(bytes))
}

/// sha256 in hex.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// sha1 and sha256 of all that a reader gives, and how many bytes that were.
pub(super) fn both<R: Read>(reader: &mut R) -> io::Result<(String, String, u64)> {
    let (mut sha1, mut sha256, mut bytes) = (Sha1::new(), Sha256::new(), 0);
    let mut chunk = vec![0; CHUNK];
    loop {
        let read = match reader.read(&mut chunk) {
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if read == 0 {
            return Ok((hex(&sha1.finalize()), hex(&sha256.finalize()), bytes));
        }
        sha1.update(&chunk[..read]);
        sha256.update(&chunk[..read]);
        bytes += read as u64;
    }
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standard() {
        // NIST's own test vectors, FIPS 180: the hash of "abc".
        let (one, two) = ("a9993e364706816aba3e25717850c26c9cd0d89d", "ba7816bf8f01cfea");
        assert_eq!(sha1(b"abc"), one);
        assert!(sha256(b"abc").starts_with(two));
        let read = both(&mut &b"abc"[..]).unwrap();
        assert_eq!((read.0.as_str(), read.2), (one, 3));
        assert_eq!(read.1, sha256(b"abc"));
    }
}
