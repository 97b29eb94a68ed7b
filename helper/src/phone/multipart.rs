//! `multipart/form-data` (RFC 7578), as browsers write it: for forms that take the file itself
//! (68xx and 69xx, case C25).
//!
//! The file is not copied into the body: what stands before it and what stands behind it are
//! written here, and the bytes go out from where they are.

use shared::form::body::with_crlf;
use shared::form::{Charset, ControlKind, Pair, RecoveryForm};

/// A body with a hole where the file goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Multipart {
    /// The line between two parts, without its dashes.
    pub boundary: String,
    /// Everything before the file.
    pub before: Vec<u8>,
    /// Everything behind it.
    pub after: Vec<u8>,
}

impl Multipart {
    /// The body of these pairs. The first of a file field that carries our file is the hole; a
    /// file field without one is sent as a browser sends it when nothing was chosen.
    pub fn new(pairs: &[Pair], form: &RecoveryForm, boundary: String) -> Self {
        let is_file = |pair: &Pair| {
            form.controls.iter().any(|control| control.kind == ControlKind::File && control.name == pair.name)
        };
        let (mut before, mut after, mut hole) = (Vec::new(), Vec::new(), false);
        for pair in pairs {
            let out = if hole { &mut after } else { &mut before };
            out.extend_from_slice(format!("--{boundary}\r\n").as_bytes());
            out.extend_from_slice(b"Content-Disposition: form-data; name=\"");
            out.extend_from_slice(&quoted(&pair.name, form.charset));
            out.push(b'"');
            if is_file(pair) {
                out.extend_from_slice(b"; filename=\"");
                out.extend_from_slice(&quoted(&pair.value, form.charset));
                out.extend_from_slice(b"\"\r\nContent-Type: application/octet-stream\r\n\r\n");
                if pair.ours && !hole {
                    hole = true;
                    after.extend_from_slice(b"\r\n");
                } else {
                    out.extend_from_slice(b"\r\n");
                }
            } else {
                out.extend_from_slice(b"\r\n\r\n");
                out.extend_from_slice(&form.charset.encode(&with_crlf(&pair.value)));
                out.extend_from_slice(b"\r\n");
            }
        }
        let out = if hole { &mut after } else { &mut before };
        out.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        Self { boundary, before, after }
    }

    /// The value of the Content-Type header.
    pub fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }
}

/// A boundary that stands in no file: 128 random bits behind the dashes that browsers of the
/// time wrote. Without the system's randomness the clock must do.
pub fn boundary() -> String {
    let mut random = [0_u8; 16];
    if getrandom::fill(&mut random).is_err() {
        let since = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        random = since.as_nanos().to_le_bytes();
    }
    let digits: String = random.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("---------------------------{digits}")
}

/// A name between quotes (WHATWG HTML, 4.10.21.8): quotes and new lines as `%XX`.
fn quoted(text: &str, charset: Charset) -> Vec<u8> {
    charset.encode(&text.replace('"', "%22").replace('\r', "%0D").replace('\n', "%0A"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared::form::Control;

    fn pair(name: &str, value: &str, ours: bool) -> Pair {
        Pair { name: name.into(), value: value.into(), ours }
    }

    fn form() -> RecoveryForm {
        let controls = vec![
            Control::new(ControlKind::Hidden, "t"),
            Control::new(ControlKind::File, "image"),
            Control::new(ControlKind::File, "other"),
        ];
        RecoveryForm { controls, charset: Charset::Windows1252, ..RecoveryForm::default() }
    }

    #[test]
    fn the_file_lies_between_the_other_fields() {
        let pairs = [pair("t", "\u{e9}", false), pair("image", "57i\".st", true), pair("other", "", false)];
        let body = Multipart::new(&pairs, &form(), "B".into());
        assert_eq!(
            body.before,
            b"--B\r\nContent-Disposition: form-data; name=\"t\"\r\n\r\n\xe9\r\n\
              --B\r\nContent-Disposition: form-data; name=\"image\"; filename=\"57i%22.st\"\r\n\
              Content-Type: application/octet-stream\r\n\r\n"
        );
        assert_eq!(
            String::from_utf8(body.after.clone()).unwrap(),
            "\r\n--B\r\nContent-Disposition: form-data; name=\"other\"; filename=\"\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n\r\n--B--\r\n"
        );
        assert_eq!(body.content_type(), "multipart/form-data; boundary=B");
    }

    #[test]
    fn without_a_file_all_of_it_comes_before() {
        let body = Multipart::new(&[pair("t", "1", false)], &form(), "B".into());
        assert!(body.after.is_empty() && body.before.ends_with(b"\r\n\r\n1\r\n--B--\r\n"));
    }

    #[test]
    fn two_boundaries_are_never_the_same() {
        assert_ne!(boundary(), boundary());
    }
}
