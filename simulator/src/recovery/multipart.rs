//! Takes a `multipart/form-data` body apart (RFC 7578; boundaries RFC 2046 section 5.1.1), as
//! the 68xx generation's upload form needs it (domain.md 1.1).

/// One part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Part<'a> {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content: &'a [u8],
}

/// All parts in their order; none: this is no multipart body with that Content-Type.
pub(super) fn parts<'a>(content_type: &str, body: &'a [u8]) -> Option<Vec<Part<'a>>> {
    let lower = content_type.to_ascii_lowercase();
    if !lower.starts_with("multipart/form-data") {
        return None;
    }
    let boundary = content_type.get(lower.find("boundary=")? + "boundary=".len()..)?;
    let boundary = boundary.split(';').next()?.trim().trim_matches('"');
    let mark = format!("--{boundary}").into_bytes();
    let between = [b"\r\n".as_slice(), &mark].concat();
    let mut rest = body.get(find(body, &mark)? + mark.len()..)?;
    let mut found = Vec::new();
    loop {
        if rest.starts_with(b"--") {
            return Some(found);
        }
        rest = rest.strip_prefix(b"\r\n")?;
        let end = find(rest, &between)?;
        found.push(part(rest.get(..end)?)?);
        rest = rest.get(end + between.len()..)?;
    }
}

fn part(bytes: &[u8]) -> Option<Part<'_>> {
    let head_end = find(bytes, b"\r\n\r\n")?;
    let head = String::from_utf8_lossy(bytes.get(..head_end)?).into_owned();
    let disposition =
        head.lines().find(|line| line.to_ascii_lowercase().starts_with("content-disposition:"))?;
    Some(Part {
        name: parameter(disposition, "name")?,
        file_name: parameter(disposition, "filename"),
        content: bytes.get(head_end + 4..)?,
    })
}

fn parameter(line: &str, wanted: &str) -> Option<String> {
    line.split(';').find_map(|piece| {
        let (name, value) = piece.trim().split_once('=')?;
        (name == wanted).then(|| value.trim_matches('"').to_owned())
    })
}

/// The first place of `needle`. Skips quickly by its first byte: bodies are megabytes.
fn find(bytes: &[u8], needle: &[u8]) -> Option<usize> {
    let first = *needle.first()?;
    let mut from = 0;
    loop {
        let at = from + bytes.get(from..)?.iter().position(|byte| *byte == first)?;
        if bytes.get(at..)?.starts_with(needle) {
            return Some(at);
        }
        from = at + 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_told_apart() {
        let body = b"--x\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n12\r\n--x\r\n\
            Content-Disposition: form-data; name=\"f\"; filename=\"57i.st\"\r\n\
            Content-Type: application/octet-stream\r\n\r\na\r\n--b\r\n--x--\r\n";
        let parts = parts("multipart/form-data; boundary=x", body).unwrap();
        assert_eq!(parts[0].name, "t");
        assert_eq!(parts[0].content, b"12");
        assert_eq!(parts[1].file_name.as_deref(), Some("57i.st"));
        assert_eq!(parts[1].content, b"a\r\n--b");
    }

    #[test]
    fn what_is_no_multipart_is_told() {
        assert_eq!(parts("text/plain", b""), None);
        assert_eq!(parts("multipart/form-data; boundary=x", b"--x\r\nrubbish"), None);
    }
}
