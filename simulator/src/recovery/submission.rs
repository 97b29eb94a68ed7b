//! Reads a submitted form as its face means it, and makes a download of it.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use super::{
    form::{Plan, Server},
    multipart,
};
use crate::{
    Event, FormStyle, Quirk,
    download::Fetch,
    event::{Protocol, Refusal},
    http::{Request, decode_form},
    phone::{Core, Order},
    quirks::NameForm,
};

/// The folder that `asks=folder` puts in front (domain.md 1.2: `Aastra/57i.st` was seen).
const FOLDER: &str = "Aastra";
/// What `asks=other` asks for.
const OTHER_NAME: &str = "boot.bin";

/// A form that is obeyed.
#[derive(Debug)]
pub(super) struct Accepted {
    pub(super) order: Order,
    pub(super) event: Event,
}

/// Name and value of every field.
type Fields = Vec<(String, String)>;

/// Reads it, or says what is wrong with it.
pub(super) fn read(core: &Core, plan: &Plan, request: &Request) -> Result<Accepted, Refusal> {
    if plan.style.is_upload() {
        return upload(core, plan, request);
    }
    let fields = if plan.by_get {
        decode_form(request.query())
    } else {
        let body: String = request.body.iter().map(|byte| char::from(*byte)).collect();
        decode_form(body.trim_end())
    };
    complete(core, plan, &fields)?;
    let fetch = fetch(core, plan, &fields)?;
    let event = Event::PostAccepted {
        protocol: fetch.protocol,
        file: fetch.name.clone(),
        server: Some(fetch.server),
    };
    Ok(Accepted { order: Order::Fetch(fetch), event })
}

fn get<'a>(fields: &'a Fields, name: &str) -> Option<&'a str> {
    let found = fields.iter().find(|(known, _)| known == name)?;
    Some(found.1.as_str())
}

/// Every field must be there, the fixed ones unchanged, the button as this phone likes it.
fn complete(core: &Core, plan: &Plan, fields: &Fields) -> Result<(), Refusal> {
    if let Some(missing) = plan.names().find(|name| get(fields, name).is_none()) {
        return Err(Refusal::FieldMissing(missing.to_owned()));
    }
    for (name, value) in plan.fixed {
        if get(fields, name) != Some(value) {
            return Err(Refusal::FieldValue((*name).to_owned()));
        }
    }
    button(core, plan, fields)
}

fn button(core: &Core, plan: &Plan, fields: &Fields) -> Result<(), Refusal> {
    if plan.button.is_empty() {
        return Ok(());
    }
    // A picture sends where it was hit, as `ok.x` and `ok.y`.
    let picture = format!("{}.x", plan.button);
    let sent = if plan.style == FormStyle::ImageButton {
        get(fields, &picture).is_some()
    } else {
        get(fields, plan.button).is_some()
    };
    if sent && core.config.quirks.has(&Quirk::HatesButton) {
        return Err(Refusal::ButtonSent);
    }
    if !sent && core.config.quirks.has(&Quirk::WantsButton) {
        return Err(Refusal::ButtonMissing);
    }
    Ok(())
}

fn fetch(core: &Core, plan: &Plan, fields: &Fields) -> Result<Fetch, Refusal> {
    let wrong = |name: &str| Refusal::FieldValue(name.to_owned());
    let value = |name: &str| get(fields, name).unwrap_or_default().trim();
    let protocol = if plan.protocol.is_empty() {
        Protocol::Tftp
    } else {
        let chosen = value(plan.protocol);
        let known = plan.protocols.iter().find(|(name, _)| *name == chosen);
        known.ok_or_else(|| wrong(plan.protocol))?.1
    };
    if !plan.kind.0.is_empty() && value(plan.kind.0) != plan.kind.1 {
        return Err(wrong(plan.kind.0));
    }
    let file = value(plan.file);
    if file.is_empty() {
        return Err(wrong(plan.file));
    }
    let server = plan.server(protocol);
    let path = value(server.path);
    if !path.is_empty() && core.config.quirks.has(&Quirk::BlankPath) {
        return Err(Refusal::PathGiven);
    }
    Ok(Fetch {
        protocol,
        server: address(core, server, protocol, value)?,
        name: asked(core, path, file),
        user: value(server.user).to_owned(),
        password: value(server.password).to_owned(),
    })
}

/// A loader without names: only an IPv4 address will do.
fn address<'a>(
    core: &Core,
    server: Server,
    protocol: Protocol,
    value: impl Fn(&str) -> &'a str,
) -> Result<SocketAddr, Refusal> {
    let host: Ipv4Addr =
        value(server.host).parse().map_err(|_| Refusal::FieldValue(server.host.to_owned()))?;
    if host.is_unspecified() {
        return Err(Refusal::FieldValue(server.host.to_owned()));
    }
    let usual = match protocol {
        Protocol::Tftp => core.config.tftp_port,
        Protocol::Ftp => core.config.ftp_port,
        Protocol::Http | Protocol::Upload => core.config.http_port,
    };
    let port = value(server.port);
    // A form that all protocols share has a port that TFTP and FTP do not care for.
    let port = if port.is_empty() || protocol != Protocol::Http {
        usual
    } else {
        port.parse().map_err(|_| Refusal::FieldValue(server.port.to_owned()))?
    };
    Ok(SocketAddr::new(IpAddr::V4(host), port))
}

/// Path and file as they are asked for.
fn asked(core: &Core, path: &str, file: &str) -> String {
    let joined = match path.trim_end_matches('/') {
        "" if path.is_empty() => file.to_owned(),
        folder => format!("{folder}/{file}"),
    };
    match core.config.quirks.asks() {
        None => joined,
        Some(NameForm::Slash) => format!("/{joined}"),
        Some(NameForm::DotSlash) => format!("./{joined}"),
        Some(NameForm::Backslash) => format!("\\{joined}"),
        Some(NameForm::Upper) => joined.to_ascii_uppercase(),
        Some(NameForm::Folder) => format!("{FOLDER}/{joined}"),
        Some(NameForm::Alias) => core.config.model.other_file_name(),
        Some(NameForm::Other) => OTHER_NAME.to_owned(),
    }
}

fn upload(core: &Core, plan: &Plan, request: &Request) -> Result<Accepted, Refusal> {
    let content_type = request.header("content-type").unwrap_or_default();
    let parts = multipart::parts(content_type, &request.body).ok_or(Refusal::Multipart)?;
    let (file, texts): (Vec<_>, Vec<_>) = parts.into_iter().partition(|part| part.name == plan.file);
    let file = file.into_iter().next().ok_or_else(|| Refusal::FieldMissing(plan.file.to_owned()))?;
    let mut fields: Fields = texts
        .into_iter()
        .map(|part| (part.name, String::from_utf8_lossy(part.content).into_owned()))
        .collect();
    let name = file.file_name.clone().unwrap_or_default();
    fields.push((plan.file.to_owned(), name.clone()));
    complete(core, plan, &fields)?;
    if name.is_empty() || file.content.is_empty() {
        return Err(Refusal::FieldValue(plan.file.to_owned()));
    }
    if !plan.token.is_empty() {
        let right = core.with(|memory| std::mem::take(&mut memory.token));
        if right.is_empty() || get(&fields, plan.token) != Some(right.as_str()) {
            return Err(Refusal::Token);
        }
    }
    Ok(Accepted {
        order: Order::Keep(file.content.to_vec()),
        event: Event::PostAccepted { protocol: Protocol::Upload, file: name, server: None },
    })
}
