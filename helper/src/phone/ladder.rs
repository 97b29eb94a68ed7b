//! The ways to submit the form, one after the other, as data (domain.md 7.5).
//!
//! Nobody knows why phones say "Invalid Parameters" to modern browsers; each rung is the
//! answer to one hypothesis (domain.md 1.6), and the late ones to two at once. Every rung has a
//! fresh connection and a GET of the form before it, and none is started while a transfer runs.

use std::fmt;

use shared::address::PhoneAddress;
use shared::form::{
    ControlKind, Method, Pair, Press, Protocol, RecoveryForm, Role, Submission, fill, urlencoded,
};

use super::answer::RecoveryPage;
use super::multipart::{Multipart, boundary};
use super::request::{Shape, Target, URLENCODED, get_form, post_head};

/// How head and body reach the phone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Segments {
    /// In one write (H1: a body in a second segment is not read).
    One,
    /// The body a moment behind the head, in case a model wants that.
    Two,
}

/// Whether the same is sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Again {
    /// It is not.
    No,
    /// The very same bytes: the reload that worked in Firefox 3.6 (C03).
    Reload,
    /// After reading the form once more (H5).
    Anew,
}

/// What is different about our values (H7, R7).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Variant {
    /// Nothing.
    AsGiven,
    /// The file's name begins with `/`.
    LeadingSlash,
    /// The path is `/`.
    RootPath,
    /// The server's address carries its port: a form without a field for the port.
    PortInAddress,
    /// Boxes stay as they came, also those that a person would tick.
    BoxesAsTheyCame,
}

/// One way to submit the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Rung {
    /// Its stable name in logs, reports and what is remembered of a model.
    pub name: &'static str,
    /// How the phone shall fetch the file.
    pub protocol: Protocol,
    /// Whether it belongs to a protocol after the first (R6).
    pub other_protocol: bool,
    /// The headers.
    pub shape: Shape,
    /// The button.
    pub press: Press,
    /// One write or two.
    pub segments: Segments,
    /// Sent once or twice.
    pub again: Again,
    /// The values.
    pub variant: Variant,
}

const fn rung(name: &'static str, shape: Shape, press: Press) -> Rung {
    Rung {
        name,
        protocol: Protocol::Tftp,
        other_protocol: false,
        shape,
        press,
        segments: Segments::One,
        again: Again::No,
        variant: Variant::AsGiven,
    }
}

/// Every rung, best evidence first. The names R1 to R7 are those of domain.md 7.5; R8 are two
/// hypotheses at once.
const LADDER: [Rung; 17] = {
    use Press::{LikeABrowser as Browser, TheOtherWay as Other};
    use Shape::{Firefox2, Firefox2Http10, Http10, Minimal, Plain, PlainHttp10};
    [
        // C04: worked every time in Firefox 2.0.0.11.
        rung("R1", Firefox2, Browser),
        // H2, H3, H4: short head, no keep-alive.
        rung("R2", Minimal, Browser),
        // H6: the button.
        rung("R3", Firefox2, Other),
        // H5: the second try of the same.
        Rung { again: Again::Reload, ..rung("R4", Firefox2, Browser) },
        // The oldest way to say it.
        rung("R5", Http10, Browser),
        // The other side of H1.
        Rung { segments: Segments::Two, ..rung("R5b", Firefox2, Browser) },
        // H3: one header is wanted, another refused.
        rung("R5c", Plain, Browser),
        // H7: the values.
        Rung { variant: Variant::LeadingSlash, ..rung("R7a", Firefox2, Browser) },
        Rung { variant: Variant::RootPath, ..rung("R7b", Firefox2, Browser) },
        Rung { variant: Variant::PortInAddress, ..rung("R7c", Firefox2, Browser) },
        Rung { variant: Variant::BoxesAsTheyCame, ..rung("R7d", Firefox2, Browser) },
        // Short head and the button, old HTTP and a header, old HTTP and the button, old HTTP or a
        // short head in two segments, the button in two segments, old HTTP and a rare header. Each
        // is sent twice, for a phone that refuses the first of everything as well.
        Rung { again: Again::Anew, ..rung("R8a", Minimal, Other) },
        Rung { again: Again::Anew, ..rung("R8b", PlainHttp10, Browser) },
        Rung { again: Again::Anew, ..rung("R8c", Http10, Other) },
        Rung { again: Again::Anew, segments: Segments::Two, ..rung("R8d", Http10, Browser) },
        Rung { again: Again::Anew, segments: Segments::Two, ..rung("R8e", Firefox2, Other) },
        Rung { again: Again::Anew, ..rung("R8f", Firefox2Http10, Browser) },
    ]
};
/// With another protocol, only the rungs that differ most: what the first taught about headers
/// holds for it as well.
const OTHER_PROTOCOL: [&str; 6] = ["R1", "R2", "R3", "R5", "R5b", "R7c"];
/// Each costs the whole file, so there are few.
const UPLOAD: [Rung; 5] = {
    use Press::{LikeABrowser as Browser, TheOtherWay as Other};
    [
        rung("U1", Shape::Firefox2, Browser),
        rung("U2", Shape::Minimal, Browser),
        rung("U3", Shape::Firefox2, Other),
        rung("U4", Shape::Http10, Browser),
        rung("U5", Shape::Minimal, Other),
    ]
};

/// The rungs for a form, protocol by protocol, without those that would send the same again.
/// `first` is the name of the rung that worked for this model before: it is tried first.
pub fn ladder(page: &RecoveryPage, protocols: &[Protocol], first: Option<&str>) -> Vec<Rung> {
    let mut rungs = Vec::new();
    for (place, protocol) in protocols.iter().enumerate() {
        let ways: &[Rung] = if *protocol == Protocol::Upload { &UPLOAD } else { &LADDER };
        let mut own: Vec<Rung> = ways
            .iter()
            .map(|rung| Rung { protocol: *protocol, other_protocol: place > 0, ..*rung })
            .filter(|rung| {
                let chosen =
                    place == 0 || *protocol == Protocol::Upload || OTHER_PROTOCOL.contains(&rung.name);
                (chosen || Some(rung.name) == first) && rung.makes_a_difference(page)
            })
            .collect();
        if let Some(at) = own.iter().position(|rung| Some(rung.name) == first) {
            own[..=at].rotate_right(1);
        }
        rungs.extend(own);
    }
    rungs
}

/// A climb: which rung is tried, and what comes after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Climb {
    rungs: Vec<Rung>,
    at: usize,
}

impl Climb {
    /// At the first rung.
    pub fn new(rungs: Vec<Rung>) -> Self {
        Self { rungs, at: 0 }
    }

    /// The rung that is tried; none when all were.
    pub fn rung(&self) -> Option<&Rung> {
        self.rungs.get(self.at)
    }

    /// Its place, from 1, and how many there are.
    pub fn place(&self) -> (usize, usize) {
        (self.at + 1, self.rungs.len())
    }

    /// Whether no other rung follows.
    pub fn is_last(&self) -> bool {
        self.at + 1 >= self.rungs.len()
    }

    /// The phone said no: the next rung.
    pub fn refused(&mut self) -> Option<&Rung> {
        self.at += 1;
        self.rung()
    }

    /// This rung comes once more, behind all others.
    pub fn once_more(&mut self, rung: Rung) {
        self.rungs.push(rung);
        self.at = self.rungs.len() - 1;
    }

    /// The phone took the form, and nothing came of it: the shape is right and the protocol is
    /// not. The next protocol begins with the same shape.
    pub fn other_protocol(&mut self) -> Option<&Rung> {
        let worked = *self.rungs.get(self.at)?;
        let next = self.rungs[self.at..].iter().position(|rung| rung.protocol != worked.protocol);
        let start = self.at + next.unwrap_or(self.rungs.len() - self.at);
        self.at = start;
        let protocol = self.rung()?.protocol;
        let end = start + self.rungs[start..].iter().take_while(|rung| rung.protocol == protocol).count();
        let same = self.rungs[start..end].iter().position(|rung| rung.name == worked.name);
        match same {
            Some(same) => self.rungs[start..=start + same].rotate_right(1),
            // The short ladder of another protocol does not have it: it is put in front.
            None if protocol != Protocol::Upload && worked.protocol != Protocol::Upload => {
                self.rungs.insert(start, Rung { protocol, other_protocol: true, ..worked });
            }
            None => {}
        }
        self.rung()
    }
}

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The head, with the empty line.
    pub head: Vec<u8>,
    /// The body, or what of it stands before the file.
    pub body: Vec<u8>,
    /// What stands behind the file.
    pub after: Vec<u8>,
    /// One write or two.
    pub segments: Segments,
}

impl Rung {
    /// The pairs that this rung sends.
    pub fn pairs(&self, page: &RecoveryPage, submission: &Submission) -> Vec<Pair> {
        let mut submission = submission.clone();
        match self.variant {
            Variant::AsGiven | Variant::BoxesAsTheyCame => {}
            Variant::LeadingSlash => submission.file = format!("/{}", submission.file),
            Variant::RootPath => submission.path = "/".to_owned(),
            Variant::PortInAddress => {
                submission.server = format!("{}:{}", submission.server, submission.port)
            }
        }
        let (form, mapping) = page.on(self.protocol);
        let mut pairs = fill(form, mapping, &submission, self.press);
        if self.variant == Variant::BoxesAsTheyCame {
            let is_box = |name: &str| {
                form.controls
                    .iter()
                    .any(|control| control.kind == ControlKind::Checkbox && control.name == name)
            };
            pairs.retain(|pair| !pair.ours || !is_box(&pair.name));
        }
        pairs
    }

    /// Where this rung sends the form: its action, unless the button's script says another.
    pub fn action<'a>(&self, page: &'a RecoveryPage) -> &'a str {
        let (form, _) = page.on(self.protocol);
        let button = form.button(self.protocol).map(|index| &form.controls[index].effect);
        let scripts =
            button.into_iter().chain([&form.on_submit]).filter(|_| self.press == Press::LikeABrowser);
        scripts.filter_map(|effect| effect.action.as_deref()).next().unwrap_or(&form.action)
    }

    /// The request that this rung sends.
    pub fn request(&self, address: &PhoneAddress, page: &RecoveryPage, submission: &Submission) -> Outgoing {
        let pairs = self.pairs(page, submission);
        let target = Target { address, action: self.action(page), referer: &page.path };
        let (form, _) = page.on(self.protocol);
        if form.multipart && form.method == Method::Post {
            return self.multipart(target, form, &pairs, 0);
        }
        let body = urlencoded(&pairs, form.charset);
        let (head, body) = match form.method {
            Method::Post => (post_head(target, URLENCODED, body.len(), self.shape), body.into_bytes()),
            Method::Get => (get_form(target, &body, self.shape), Vec::new()),
        };
        Outgoing { head, body, after: Vec::new(), segments: self.segments }
    }

    /// The request that carries a file of this many bytes.
    pub fn upload_request(
        &self,
        address: &PhoneAddress,
        page: &RecoveryPage,
        submission: &Submission,
        bytes: usize,
    ) -> Outgoing {
        let target = Target { address, action: self.action(page), referer: &page.path };
        self.multipart(target, page.on(self.protocol).0, &self.pairs(page, submission), bytes)
    }

    fn multipart(&self, target: Target<'_>, form: &RecoveryForm, pairs: &[Pair], bytes: usize) -> Outgoing {
        let parts = Multipart::new(pairs, form, boundary());
        let length = parts.before.len() + bytes + parts.after.len();
        let head = post_head(target, &parts.content_type(), length, self.shape);
        Outgoing { head, body: parts.before, after: parts.after, segments: self.segments }
    }

    /// One sentence for the person.
    pub fn sentence(&self) -> String {
        let shape = match self.shape {
            Shape::Firefox2 => "as Firefox 2 sent it",
            Shape::Plain => "with few headers",
            Shape::Minimal => "with nothing but what is needed",
            Shape::Firefox2Http10 => "as Firefox 2 sent it, in old HTTP",
            Shape::PlainHttp10 => "with few headers, in old HTTP",
            Shape::Http10 => "in old HTTP",
        };
        let mut sentence = format!("The form {shape}");
        if self.press == Press::TheOtherWay {
            sentence.push_str(", as if the Enter key was pressed instead of the button");
        }
        if self.segments == Segments::Two {
            sentence.push_str(", in two pieces");
        }
        match self.variant {
            Variant::AsGiven => {}
            Variant::LeadingSlash => sentence.push_str(", with a / before the file's name"),
            Variant::RootPath => sentence.push_str(", with / as the folder"),
            Variant::PortInAddress => sentence.push_str(", with the port behind the address"),
            Variant::BoxesAsTheyCame => sentence.push_str(", with every box as it came"),
        }
        if self.again != Again::No {
            sentence.push_str(", twice");
        }
        if self.other_protocol {
            sentence.push_str(&format!(", by {}", self.protocol.name().to_uppercase()));
        }
        sentence.push('.');
        sentence
    }

    /// Whether this rung sends something that an earlier one does not.
    fn makes_a_difference(&self, page: &RecoveryPage) -> bool {
        let (form, mapping) = page.on(self.protocol);
        let control =
            |role| mapping.control_for(role, self.protocol).map(|mapped| &form.controls[mapped.control]);
        let typed = |role| {
            control(role).is_some_and(|c| c.is_typed() && !c.read_only && c.kind != ControlKind::Hidden)
        };
        let differs_from = |other: Rung| {
            let sample = Submission {
                protocol: self.protocol,
                file: "f".into(),
                server: "s".into(),
                port: 1,
                path: String::new(),
            };
            other.pairs(page, &sample) != self.pairs(page, &sample) || other.action(page) != self.action(page)
        };
        let variant = match self.variant {
            Variant::AsGiven => true,
            Variant::LeadingSlash => typed(Role::FileName),
            Variant::RootPath => typed(Role::Path),
            // TFTP has a port of its own, which no boot loader asks for.
            Variant::PortInAddress => {
                matches!(self.protocol, Protocol::Http | Protocol::Ftp)
                    && typed(Role::Server)
                    && mapping.quads.is_empty()
                    && control(Role::Port).is_none()
            }
            Variant::BoxesAsTheyCame => differs_from(Rung { variant: Variant::AsGiven, ..*self }),
        };
        let segments = self.segments == Segments::One || form.method == Method::Post;
        let press =
            self.press == Press::LikeABrowser || differs_from(Rung { press: Press::LikeABrowser, ..*self });
        variant && segments && press
    }
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.other_protocol {
            write!(f, "R6-{}-{}", self.protocol.name(), self.name)
        } else {
            f.write_str(self.name)
        }
    }
}

#[cfg(test)]
mod tests;
