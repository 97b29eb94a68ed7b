//! What the phone answers, and in which of the many framings that old servers use.

use tokio::{
    io::{AsyncWrite, AsyncWriteExt},
    time::{Duration, sleep},
};

use crate::quirks::ReplyStyle;

/// Between head and body of a slow reply: long enough to be two segments.
const GAP: Duration = Duration::from_millis(40);
/// How many bytes too much or too little a wrong length promises.
const LENGTH_ERROR: usize = 24;
/// Bytes in one chunk: small, so that every page has several.
const CHUNK: usize = 200;

/// A reply before it is framed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) reason: &'static str,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) style: ReplyStyle,
    /// The version in the status line.
    pub(crate) version: &'static str,
}

impl Reply {
    /// A page. Its text is sent in Latin-1; pages hold nothing beyond.
    pub(crate) fn page(text: &str) -> Self {
        Self {
            status: 200,
            reason: "OK",
            headers: vec![("Content-Type", "text/html".to_owned())],
            body: latin1(text),
            style: ReplyStyle::Length,
            version: "HTTP/1.1",
        }
    }

    pub(crate) fn status(mut self, status: u16, reason: &'static str) -> Self {
        self.status = status;
        self.reason = reason;
        self
    }

    pub(crate) fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// 405 in the phone's words (domain.md 1.1).
    pub(crate) fn method_unsupported() -> Self {
        Self::page(
            "<html><head><title>Error</title></head><body><h2>405 method unsupported</h2></body></html>\n",
        )
        .status(405, "method unsupported")
    }

    /// 404.
    pub(crate) fn not_found() -> Self {
        Self::page("<html><head><title>Error</title></head><body><h2>404 page not found</h2></body></html>\n")
            .status(404, "Not Found")
    }

    /// Writes it, framed; `keep` says whether the connection stays.
    pub(crate) async fn write<W: AsyncWrite + Unpin>(
        &self,
        line: &mut W,
        keep: bool,
        head_only: bool,
    ) -> std::io::Result<()> {
        let body = if head_only { Vec::new() } else { self.framed_body() };
        if self.style == ReplyStyle::Bare {
            return line.write_all(&body).await;
        }
        let head = self.head(keep).into_bytes();
        if self.style == ReplyStyle::Slow {
            line.write_all(&head).await?;
            line.flush().await?;
            sleep(GAP).await;
            return line.write_all(&body).await;
        }
        line.write_all(&[head, body].concat()).await
    }

    /// Whether the client can tell where this reply ends, so that the connection may stay.
    pub(crate) fn can_keep(&self) -> bool {
        !matches!(
            self.style,
            ReplyStyle::NoLength | ReplyStyle::TooLong | ReplyStyle::TooShort | ReplyStyle::Bare
        )
    }

    fn head(&self, keep: bool) -> String {
        let mut lines = vec![format!("{} {} {}", self.version, self.status, self.reason)];
        lines.extend(self.headers.iter().map(|(name, value)| format!("{name}: {value}")));
        let length = self.body.len();
        match self.style {
            ReplyStyle::Length | ReplyStyle::Slow | ReplyStyle::BareLineFeeds => {
                lines.push(format!("Content-Length: {length}"));
            }
            ReplyStyle::TooLong => lines.push(format!("Content-Length: {}", length + LENGTH_ERROR)),
            ReplyStyle::TooShort => {
                lines.push(format!("Content-Length: {}", length.saturating_sub(LENGTH_ERROR)));
            }
            ReplyStyle::Chunked => lines.push("Transfer-Encoding: chunked".to_owned()),
            ReplyStyle::NoLength | ReplyStyle::Bare => {}
        }
        lines.push(format!("Connection: {}", if keep { "keep-alive" } else { "close" }));
        let end = if self.style == ReplyStyle::BareLineFeeds { "\n" } else { "\r\n" };
        lines.join(end) + end + end
    }

    fn framed_body(&self) -> Vec<u8> {
        if self.style != ReplyStyle::Chunked {
            return self.body.clone();
        }
        let mut framed = Vec::new();
        for chunk in self.body.chunks(CHUNK) {
            framed.extend(format!("{:x}\r\n", chunk.len()).into_bytes());
            framed.extend_from_slice(chunk);
            framed.extend_from_slice(b"\r\n");
        }
        framed.extend_from_slice(b"0\r\n\r\n");
        framed
    }
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(letter).unwrap_or(b'?')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn written(style: ReplyStyle) -> String {
        let mut reply = Reply::page("<p>Gerät");
        reply.style = style;
        let mut line = Vec::new();
        reply.write(&mut line, false, false).await.unwrap();
        line.into_iter().map(char::from).collect()
    }

    #[tokio::test]
    async fn framings() {
        assert!(written(ReplyStyle::Length).await.contains("Content-Length: 8\r\n"));
        assert!(written(ReplyStyle::TooLong).await.contains("Content-Length: 32\r\n"));
        assert!(!written(ReplyStyle::NoLength).await.contains("Content-Length"));
        assert!(written(ReplyStyle::Chunked).await.ends_with("8\r\n<p>Gerät\r\n0\r\n\r\n"));
        assert_eq!(written(ReplyStyle::Bare).await, "<p>Gerät");
        assert!(!written(ReplyStyle::BareLineFeeds).await.contains('\r'));
    }
}
