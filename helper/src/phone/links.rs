//! Where a page leads by itself: frames, a refresh, a script that goes elsewhere (issue 4:
//! "follow frames, meta refresh and one redirect on the same host").

use super::reply::Reply;
use super::resolve::{Here, Place};
use super::soup::{Piece, pieces};

/// A page that goes on by itself waits a moment at most; one that waits longer is a page that
/// looks at itself again, such as "please wait".
const LONGEST_REFRESH_SECONDS: u32 = 10;
/// More frames than any page of a phone has.
const MOST_FRAMES: usize = 8;

/// What a link to the recovery page says, in the languages that the phones speak.
const RECOVERY: [&str; 12] = [
    "recover",
    "firmware",
    "upgrade",
    "update",
    "micrologiciel",
    "wiederherstell",
    "aktualisier",
    "récupér",
    "mise à jour",
    "mettre à jour",
    "recupera",
    "actualiza",
];
/// What may do something by being read alone.
const HARMFUL: [&str; 16] = [
    "erase",
    "format",
    "delete",
    "clear",
    "reset",
    "default",
    "factory",
    "reboot",
    "restart",
    "cancel",
    "löschen",
    "neustart",
    "effacer",
    "redémarr",
    "borrar",
    "reinici",
];

/// Where a page leads.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// The pages in its frames, in order.
    pub frames: Vec<String>,
    /// The page that it goes on to by itself.
    pub onward: Option<String>,
    /// Pages behind links that speak of recovery or firmware, for a page that has no form itself.
    /// Only where reading them can do nothing: none that erases, none with a query.
    pub named: Vec<String>,
    /// Places of other servers that it points to. They are told and never followed.
    pub elsewhere: Vec<String>,
}

/// Reads where a reply leads: a redirect of HTTP, or what its page says.
pub fn links(reply: &Reply, here: &Here) -> Links {
    let mut links = Links::default();
    if matches!(reply.status, 301 | 302 | 303 | 307 | 308)
        && let Some(location) = reply.header("location")
    {
        links.onward = links.keep(here.resolve(location));
        return links;
    }
    let pieces = pieces(&reply.body);
    let here = &base(&pieces, here);
    let mut in_script = false;
    let mut link: Option<(&str, String)> = None;
    for piece in &pieces {
        match piece {
            Piece::Open(element) => {
                in_script = element.name == "script";
                match element.name.as_str() {
                    "a" | "area" if !element.text("href").is_empty() => {
                        links.follow(link.take(), here);
                        let words = format!("{} {}", element.text("title"), element.text("alt"));
                        link = Some((element.text("href"), words));
                    }
                    "img" => {
                        if let Some((_, words)) = &mut link {
                            words.push_str(&format!(" {}", element.text("alt")));
                        }
                    }
                    "body" if !element.text("onload").is_empty() => {
                        let target = on_load(element.text("onload"), &pieces);
                        let place = target.and_then(|target| links.keep(here.resolve(&target)));
                        links.onward = links.onward.take().or(place);
                    }
                    "frame" | "iframe" if !element.text("src").is_empty() => {
                        let place = links.keep(here.resolve(element.text("src")));
                        let place = place.filter(|_| links.frames.len() < MOST_FRAMES);
                        links.frames.extend(place);
                    }
                    "meta" if element.text("http-equiv").eq_ignore_ascii_case("refresh") => {
                        if let Some(target) = refresh(element.text("content")) {
                            links.onward = links.onward.take().or(links.keep(here.resolve(&target)));
                        }
                    }
                    _ => {}
                }
            }
            Piece::Words(script) if in_script => {
                if let Some(target) = script_target(script) {
                    links.onward = links.onward.take().or(links.keep(here.resolve(&target)));
                }
            }
            Piece::Close(name) => {
                in_script = false;
                if name == "a" {
                    links.follow(link.take(), here);
                }
            }
            Piece::Words(words) => {
                if let Some((_, known)) = &mut link {
                    known.push_str(&format!(" {words}"));
                }
            }
        }
    }
    links.follow(link.take(), here);
    if let Some(header) = reply.header("refresh").and_then(refresh) {
        links.onward = links.onward.take().or(links.keep(here.resolve(&header)));
    }
    links
}

impl Links {
    /// Notes a link when it leads to a page for recovery.
    fn follow(&mut self, link: Option<(&str, String)>, here: &Here) {
        let Some((href, words)) = link else { return };
        let text = format!("{href} {words}").to_lowercase();
        let says = |list: &[&str]| list.iter().any(|word| text.contains(word));
        if !says(&RECOVERY) || says(&HARMFUL) || href.contains('?') || self.named.len() >= MOST_FRAMES {
            return;
        }
        if let Place::Phone(path) = here.resolve(href)
            && path != here.path
            && !self.named.contains(&path)
        {
            self.named.push(path);
        }
    }

    fn keep(&mut self, place: Place) -> Option<String> {
        match place {
            Place::Phone(path) => Some(path),
            Place::Elsewhere(place) => {
                self.elsewhere.push(place);
                None
            }
            Place::Script => None,
        }
    }
}

/// Where the page's references are resolved against: `<base href>`, when it is the phone's own.
pub(super) fn base(pieces: &[Piece], here: &Here) -> Here {
    let base = pieces.iter().find_map(|piece| match piece {
        Piece::Open(element) if element.name == "base" => element.get("href"),
        _ => None,
    });
    match base.and_then(|href| here.resolve(href).on_phone()) {
        Some(path) => here.at(path),
        None => here.clone(),
    }
}

/// `0; url=/page`, in every spelling that browsers take (WHATWG HTML, 4.2.5.3).
fn refresh(content: &str) -> Option<String> {
    let content = content.trim();
    let digits = content.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(content.len());
    let seconds = content[..digits].split('.').next().unwrap_or("");
    if seconds.parse::<u32>().unwrap_or(0) > LONGEST_REFRESH_SECONDS {
        return None;
    }
    let rest = content[digits..].trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ';' | ','));
    let target = match rest.get(..3) {
        Some(url) if url.eq_ignore_ascii_case("url") => rest[3..].trim_start().trim_start_matches('=').trim(),
        _ => rest,
    };
    let target = target.trim_matches(['"', '\'']).trim();
    (!target.is_empty()).then(|| target.to_owned())
}

/// `location.href = "/page"` and its like, outside of functions: those run when somebody asks.
fn script_target(script: &str) -> Option<String> {
    let mut depth = 0_usize;
    let mut rest = script;
    while let Some(at) = rest.find(['{', '}', 'l']) {
        rest = &rest[at..];
        match rest.as_bytes()[0] {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && rest.starts_with("location") => {
                let after = rest["location".len()..].trim_start();
                let after = [".href", ".replace", ".assign"]
                    .iter()
                    .find_map(|word| after.strip_prefix(word))
                    .unwrap_or(after)
                    .trim_start();
                if let Some(target) =
                    after.strip_prefix(['=', '(']).and_then(|value| quoted(value.trim_start()))
                {
                    return Some(target);
                }
            }
            _ => {}
        }
        rest = &rest[1..];
    }
    None
}

/// Where the page goes when it is there: by the handler itself or by the function that it calls.
fn on_load(handler: &str, pieces: &[Piece]) -> Option<String> {
    if let Some(target) = script_target(handler) {
        return Some(target);
    }
    let name = handler.trim_start_matches("javascript:").split('(').next()?.trim();
    if name.is_empty() || !name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '$')) {
        return None;
    }
    pieces.iter().find_map(|piece| {
        let Piece::Words(words) = piece else { return None };
        let (_, rest) = words.split_once(&format!("function {name}"))?;
        let (_, body) = rest.split_once('{')?;
        script_target(body.split('}').next()?)
    })
}

fn quoted(value: &str) -> Option<String> {
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let inner = &value[1..];
    let end = inner.find(quote)?;
    let after = inner[end + 1..].trim_start();
    // A sum is not simple enough to read.
    (!after.starts_with('+')).then(|| inner[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(status: u16, headers: &[(&str, &str)], body: &str) -> Links {
        let headers = headers.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let reply = Reply { status, headers, body: body.into(), ..Reply::default() };
        links(&reply, &Here::new("10.0.0.2".parse().unwrap(), "/a/index.htm"))
    }

    #[test]
    fn a_redirect_on_the_phone_is_followed_and_another_is_told() {
        for status in [301, 302, 303, 307, 308] {
            let links = of(status, &[("location", "../b")], "");
            assert_eq!(links.onward.as_deref(), Some("/b"), "{status}");
        }
        let away = of(302, &[("location", "http://10.0.0.3/")], "");
        assert_eq!((away.onward, away.elsewhere), (None, vec!["http://10.0.0.3/".to_owned()]));
        assert_eq!(of(200, &[("location", "/b")], ""), Links::default());
    }

    #[test]
    fn frames_are_read_in_order_and_only_from_the_phone() {
        let links = of(
            200,
            &[],
            "<FRAMESET><FRAME SRC=top.htm><FRAME SRC='/main.htm'><frame src=http://x.example/></FRAMESET>\
             <iframe src=in.htm></iframe><frame>",
        );
        assert_eq!(links.frames, ["/a/top.htm", "/main.htm", "/a/in.htm"]);
        assert_eq!(links.elsewhere, ["http://x.example/"]);
    }

    #[test]
    fn a_refresh_is_read_in_every_spelling() {
        for content in ["0;url=/go", "1; URL='/go'", "0.5,url = \"/go\"", "0 /go", "5;/go"] {
            let page = format!("<META HTTP-EQUIV=Refresh CONTENT=\"{}\">", content.replace('"', "&quot;"));
            assert_eq!(of(200, &[], &page).onward.as_deref(), Some("/go"), "{content}");
        }
        assert_eq!(of(200, &[], "<meta http-equiv=refresh content=5>").onward, None);
        assert_eq!(of(200, &[], "<meta http-equiv=refresh content='600;url=/x'>").onward, None);
        assert_eq!(of(200, &[("refresh", "0;url=/go")], "").onward.as_deref(), Some("/go"));
    }

    #[test]
    fn a_script_that_goes_on_is_read_when_it_is_simple() {
        for script in [
            "location.href='/go'",
            "window.location = \"/go\";",
            "top.location.replace('/go')",
            "x=1;location='/go'",
        ] {
            assert_eq!(of(200, &[], &format!("<script>{script}</script>")).onward.as_deref(), Some("/go"));
        }
        for script in
            ["function f(){location='/go'}", "location='/a'+x", "var allocation=1", "if(x){location='/b'}"]
        {
            assert_eq!(of(200, &[], &format!("<script>{script}</script>")).onward, None, "{script}");
        }
    }

    #[test]
    fn a_base_moves_every_reference() {
        let page = "<base href='/rec/'><frame src=main.htm>";
        assert_eq!(of(200, &[], page).frames, ["/rec/main.htm"]);
    }

    #[test]
    fn a_page_that_goes_on_when_it_is_there_is_followed() {
        for page in [
            "<body onload=\"location.href='/go'\">",
            "<script>function on() { window.location = '/go'; }</script><body onLoad='on()'>",
        ] {
            assert_eq!(of(200, &[], page).onward.as_deref(), Some("/go"), "{page}");
        }
        assert_eq!(of(200, &[], "<body onload='init()'>").onward, None);
    }

    #[test]
    fn links_to_the_recovery_page_are_seen_and_those_that_do_something_are_not() {
        let links = of(
            200,
            &[],
            "<a href=status.htm>Status</a> <a href=fw.htm>Firmware update</a> <a href=/r><img alt=Recovery></a>\
             <a href=/erase.htm>Erase firmware</a> <a href='/do?firmware=1'>Start</a>\
             <a href=http://x.example/firmware>Firmware</a> <a href=/reboot>Recovery reboot</a>",
        );
        assert_eq!(links.named, ["/a/fw.htm", "/r"]);
        assert_eq!(links.elsewhere, [] as [String; 0]);
    }
}
