//! Filled-in forms, written by hand: what a person at a browser would send.

/// Body of the plain form for this protocol; all servers are 127.0.0.1.
pub(crate) fn plain(protocol: &str, http_port: u16) -> String {
    format!("recovery=1&{}", no_fixed(protocol, http_port))
}

/// The same without the hidden field.
pub(crate) fn no_fixed(protocol: &str, http_port: u16) -> String {
    format!(
        "filename=57i.st&filetype=firmware&protocol={protocol}&tftpserv=127.0.0.1&tftppath=&ftpserv=127.0.0.1&ftppath=&ftpuser=&ftppass=&httpserv=127.0.0.1&httppath=&httpport={http_port}"
    )
}

/// Twelve fields by these names, in the plain form's order.
pub(crate) fn numbered(name: impl Fn(usize) -> String, kind: &str) -> String {
    let values = ["57i.st", kind, "TFTP", "127.0.0.1", "", "0.0.0.0", "", "", "", "0.0.0.0", "", "80"];
    let pairs: Vec<String> =
        values.iter().enumerate().map(|(at, value)| format!("{}={value}", name(at + 1))).collect();
    pairs.join("&")
}
