//! The page's side of the helper: one listener on the loopback address.
//!
//! [`guard`] decides who may talk at all, [`page`] serves the page that is inside the program,
//! [`socket`] is the conversation with it, [`upload`] takes the firmware, [`advice`] tells what is known of one, [`practice`] starts a practice beside this helper.

mod advice;
mod evidence;
pub mod guard;
mod page;
mod practice;
mod socket;
mod token;
mod upload;

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use axum::Router;
use axum::extract::{Request, State};
use axum::http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, COOKIE, HOST, HeaderName, HeaderValue, ORIGIN, REFERRER_POLICY,
    SET_COOKIE, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post, put};
use tokio::net::TcpListener;
use tower_http::set_header::SetResponseHeaderLayer;

use crate::session::desk::Desk;
use guard::{Asked, Verdict, judge};

pub use token::Token;

/// What [`Web`] answers at `/api/alive`, so that a second start knows the first one.
pub const ALIVE: &str = "hookflash is here";

/// How often it is looked for uploads that nobody went on with: they wait for half an hour, so
/// a minute more is no matter.
const IDLE_LOOK: Duration = Duration::from_secs(60);

/// A bound listener for the page.
#[derive(Debug)]
pub struct Web {
    listener: TcpListener,
    desk: Desk,
    token: Token,
}

/// What every handler needs.
#[derive(Clone, Debug)]
struct Context {
    desk: Desk,
    token: Token,
    /// `127.0.0.1:PORT`: the only host that we are.
    authority: String,
    practice: practice::Practice,
}

impl Web {
    /// Binds the loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// What the system says.
    pub async fn bind(port: u16, desk: Desk) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let token = Token::random().map_err(io::Error::other)?;
        Ok(Self { listener, desk, token })
    }

    /// Where the page is.
    ///
    /// # Errors
    /// What the system says.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// The page's address with its key, as it is printed and opened. The key stands in the
    /// fragment, which browsers send to nobody.
    ///
    /// # Errors
    /// What the system says.
    pub fn url(&self) -> io::Result<String> {
        Ok(format!("http://{}/#{}", self.address()?, self.token.as_str()))
    }

    /// Serves the page until `stop`.
    ///
    /// # Errors
    /// What the system says.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> io::Result<()> {
        let authority = self.address()?.to_string();
        let practice = practice::Practice::default();
        let context = Context { desk: self.desk.clone(), token: self.token, authority, practice };
        let served = axum::serve(self.listener, router(context)).with_graceful_shutdown(stop).into_future();
        tokio::select! {
            ended = served => ended,
            () = forget_idle_uploads(self.desk) => Ok(()),
        }
    }
}

/// For as long as the page is served.
async fn forget_idle_uploads(desk: Desk) {
    loop {
        tokio::time::sleep(IDLE_LOOK).await;
        desk.forget_idle_uploads();
    }
}

fn router(context: Context) -> Router {
    let policy = format!(
        "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; \
         img-src 'self' data:; connect-src 'self' ws://{}; object-src 'none'; \
         frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
        context.authority
    );
    let policy = HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"));
    let fixed = |name: HeaderName, value: &'static str| {
        SetResponseHeaderLayer::overriding(name, HeaderValue::from_static(value))
    };
    Router::new()
        .route("/api/alive", get(ALIVE))
        .route("/api/session", post(open_session))
        .route("/api/socket", get(socket::connect))
        .route("/api/phones/{id}/report.html", get(evidence::html))
        .route("/api/phones/{id}/report.json", get(evidence::json))
        .route("/api/phones/{id}/exchanges.txt", get(evidence::exchanges))
        .route("/api/models/{model}/whereabouts", get(advice::whereabouts))
        .route("/api/models/{model}/warnings/{firmware}", get(advice::warnings))
        .route("/api/practice", post(practice::start))
        .route("/api/uploads", post(upload::open).layer(upload::words_limit()))
        .route("/api/uploads/{id}", delete(upload::close))
        .route("/api/uploads/{id}/pieces/{offset}", put(upload::piece).layer(upload::piece_limit()))
        .route("/api/uploads/{id}/finish", post(upload::finish).layer(upload::words_limit()))
        .fallback(get(page::serve))
        .layer(from_fn_with_state(context.clone(), guarded))
        .layer(SetResponseHeaderLayer::overriding(CONTENT_SECURITY_POLICY, policy))
        .layer(fixed(X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .layer(fixed(REFERRER_POLICY, "no-referrer"))
        .layer(fixed(HeaderName::from_static("cross-origin-resource-policy"), "same-origin"))
        .layer(fixed(CACHE_CONTROL, "no-store"))
        .with_state(context)
}

/// Everything passes the guard before any handler sees it.
async fn guarded(State(context): State<Context>, request: Request, next: Next) -> Response {
    match inspect(&context, &request) {
        Verdict::Welcome => next.run(request).await,
        Verdict::Refused(why) => {
            tracing::warn!(path = request.uri().path(), why = why.sentence(), "refused");
            (StatusCode::FORBIDDEN, why.sentence()).into_response()
        }
    }
}

fn inspect(context: &Context, request: &Request) -> Verdict {
    let header = |name| single(request.headers(), &name);
    let (host, cookies) = (header(HOST), header(COOKIE));
    // One that cannot be read is another's, not none.
    let foreign = || request.headers().contains_key(ORIGIN).then(String::new);
    let origin = header(ORIGIN).or_else(foreign);
    let asked = Asked {
        reads_only: matches!(*request.method(), Method::GET | Method::HEAD),
        path: request.uri().path(),
        host: host.as_deref(),
        origin: origin.as_deref(),
        has_key: cookies.is_some_and(|cookies| context.token.is_in_cookies(&cookies, &context.authority)),
    };
    judge(&asked, &context.authority)
}

/// A header's value when it stands there exactly once: two are an attack or a fault.
fn single(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok().map(str::to_owned),
        _ => None,
    }
}

/// Swaps the key from the page's address for a cookie that scripts cannot read.
async fn open_session(State(context): State<Context>, key: String) -> Response {
    if !context.token.is(key.trim()) {
        return (StatusCode::FORBIDDEN, guard::Refusal::NoKey.sentence()).into_response();
    }
    let cookie = context.token.cookie(&context.authority);
    ([(SET_COOKIE, cookie)], StatusCode::NO_CONTENT).into_response()
}
